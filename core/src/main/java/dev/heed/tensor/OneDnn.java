package dev.heed.tensor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.bytedeco.pytorch.global.torch;

/**
 * Whether oneDNN, by which LibTorch convolves and multiplies packed and bf16 matrices, computes
 * right on this machine.
 *
 * <p>oneDNN cuts its work by the sizes of the processor's caches. A virtual machine may hide them;
 * it then takes them for empty, and gives wrong numbers without a word where channels or features
 * do not fill a vector (seen with oneDNN 3.7 on AVX-512 and AVX2). So where Linux does not know the
 * caches either, the gradient of a small convolution is computed both ways as LibTorch is loaded
 * ({@link OneDnnTrial}), and oneDNN is turned off for the process if they differ. It is turned off
 * too by {@code -Dheed.onednn=off}.
 */
final class OneDnn {
  /** {@code off} where oneDNN shall not be used at all. */
  static final String PROPERTY = "heed.onednn";

  private static final System.Logger LOG = System.getLogger(OneDnn.class.getName());

  /** What Linux knows of the first cache of the first processor, from what oneDNN asks too. */
  private static final Path FIRST_CACHE = Path.of("/sys/devices/system/cpu/cpu0/cache/index0");

  /** Found at the first use of bf16. */
  private static final class Half {
    static final boolean IS_TAKEN = OneDnnLinear.takesHalf();
  }

  private static volatile boolean used = true;

  private OneDnn() {}

  /** Whether it may be used; LibTorch is loaded already. */
  static boolean isUsed() {
    return used && torch.hasMKLDNN();
  }

  /**
   * Whether it is used and multiplies bf16 too, for which it asks for AVX-512 (BW, VL and DQ) or
   * AVX-NE-CONVERT: it refuses to pack bf16 elsewhere, and LibTorch multiplies by plain loops.
   */
  static boolean multipliesHalf() {
    return isUsed() && Half.IS_TAKEN;
  }

  /** Called once LibTorch is loaded, before anything is computed. */
  static void examine() {
    if (System.getProperty(PROPERTY, "").equalsIgnoreCase("off")) {
      use(false);
      return;
    }
    boolean hidden =
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")
            && !Files.exists(FIRST_CACHE);
    if (hidden) {
      // It refuses such a machine anyway, with a line on standard error for each thread.
      torch.globalContext().setUserEnabledNNPACK(false);
    }
    if (hidden && torch.hasMKLDNN() && !passesTrial()) {
      use(false);
      LOG.log(
          System.Logger.Level.WARNING,
          "oneDNN computes wrong numbers on this machine, whose caches are hidden from it (by a"
              + " virtual machine, usually): Heed does without it, and convolutions and packed maps"
              + " are slower; have the host show the processor's caches (cpuid leaf 4 or"
              + " 0x8000001D) to get it back");
    }
  }

  /** A trial that cannot even run is none that was passed. */
  private static boolean passesTrial() {
    try {
      return OneDnnTrial.agrees();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "the trial of oneDNN ended early", e);
      return false;
    }
  }

  /** Sets it for the process. */
  static void use(boolean on) {
    used = on;
    torch.globalContext().setUserEnabledMkldnn(on);
  }
}
