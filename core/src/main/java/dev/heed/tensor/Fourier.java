package dev.heed.tensor;

import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.global.torch;

/** Fourier transforms along the last dimension, unnormalised forward and 1/n backward. */
public final class Fourier {
  private Fourier() {}

  /**
   * The transform of a real signal.
   *
   * @param x real {@code […, T]}, zero-padded or cut to {@code n}
   * @return complex {@code […, n / 2 + 1]}
   */
  public static Tensor rfft(Tensor x, long n) {
    LackingOperatorException.refuseJava("rfft", x);
    return Native.op(
        "rfft", x, v -> torch.fft_rfft(v, new LongOptional(n), -1, new StringViewOptional()));
  }

  /**
   * The real signal with this transform.
   *
   * @param x complex {@code […, n / 2 + 1]}
   * @return real {@code […, n]}
   */
  public static Tensor irfft(Tensor x, long n) {
    LackingOperatorException.refuseJava("irfft", x);
    return Native.op(
        "irfft", x, v -> torch.fft_irfft(v, new LongOptional(n), -1, new StringViewOptional()));
  }

  /**
   * How alike two real signals are at each shift: {@code r[t] = Σ_s x[(s + t) mod n] · y[s]}, the
   * signal whose transform is that of {@code x} times the conjugate of that of {@code y}.
   *
   * @param x real {@code […, T]}, zero-padded or cut to {@code n}
   * @param y likewise, of the same outer sizes
   * @return real {@code […, n]}
   */
  public static Tensor correlation(Tensor x, Tensor y, long n) {
    return x.engine().correlation(x, y, n);
  }

  /** The transform of a complex signal. */
  public static Tensor fft(Tensor x) {
    LackingOperatorException.refuseJava("fft", x);
    return Native.op("fft", x, torch::fft_fft);
  }

  /** The complex signal with this transform. */
  public static Tensor ifft(Tensor x) {
    LackingOperatorException.refuseJava("ifft", x);
    return Native.op("ifft", x, torch::fft_ifft);
  }

  /** Complex numbers from real and imaginary parts of one shape. */
  public static Tensor complex(Tensor real, Tensor imaginary) {
    return TensorScope.run(() -> viewAsComplex(Tensor.stack(List.of(real, imaginary), -1)));
  }

  /** The real parts; shares memory. */
  public static Tensor real(Tensor x) {
    LackingOperatorException.refuseJava("real", x);
    return Native.op("real", x, torch::real);
  }

  /** The imaginary parts; shares memory. */
  public static Tensor imaginary(Tensor x) {
    LackingOperatorException.refuseJava("imaginary", x);
    return Native.op("imaginary", x, torch::imag);
  }

  /** The conjugates. */
  public static Tensor conjugate(Tensor x) {
    LackingOperatorException.refuseJava("conjugate", x);
    return Native.op("conjugate", x, v -> v.conj().resolve_conj());
  }

  /** Complex numbers from a real {@code […, 2]}; shares memory. */
  public static Tensor viewAsComplex(Tensor x) {
    LackingOperatorException.refuseJava("viewAsComplex", x);
    return Native.op("viewAsComplex", x, torch::view_as_complex);
  }

  /** Real {@code […, 2]} from complex numbers; shares memory. */
  public static Tensor viewAsReal(Tensor x) {
    LackingOperatorException.refuseJava("viewAsReal", x);
    return Native.op("viewAsReal", x, torch::view_as_real);
  }
}
