package dev.heed.mixer.statespace;

import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.tensor.DType;
import dev.heed.tensor.Fourier;
import java.util.List;
import java.util.Locale;

class S4ReferenceTest extends MechanismReference {
  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("s4d_layer", S4ReferenceTest::diagonalLayer),
        ReferenceCase.of("s4d_kernel_zoh", S4ReferenceTest::diagonalKernel),
        ReferenceCase.of("s4d_kernel_bilinear", S4ReferenceTest::diagonalKernel),
        ReferenceCase.of("s4_kernel_dplr", S4ReferenceTest::kernel),
        ReferenceCase.of("s4_kernel_dplr_even_length", S4ReferenceTest::kernel),
        ReferenceCase.of("s4_kernel_dplr_rank2", S4ReferenceTest::kernel),
        ReferenceCase.of("s4_setup_C", S4ReferenceTest::truncated),
        ReferenceCase.of("s4_hippo_init", S4ReferenceTest::hippo),
        ReferenceCase.of("s4_block", S4ReferenceTest::block),
        ReferenceCase.of("s4_block_bidirectional", S4ReferenceTest::block));
  }

  private static Results diagonalLayer(Recording ref) {
    S4d layer = new S4d(ref.weights(), ref.integer("d_model"), ref.integer("d_state"));
    return new Results()
        .output("y", layer.apply(ref.input("u").transpose(1, 2)).transpose(1, 2))
        .extra("kernel", layer.kernel(ref.integer("length")));
  }

  /** {@code n_ssm} 0 stands for as many systems as channels. */
  private static StateSpaceConfig sizes(Recording ref, String systemParam) {
    return new StateSpaceConfig(
        ref.integer("d_model"),
        ref.integer("d_state"),
        ref.sizes("param.C")[0],
        ref.sizes("param." + systemParam)[0]);
  }

  private static Results diagonalKernel(Recording ref) {
    Discretisation discretisation =
        switch (ref.text("disc")) {
          case "zoh" -> Discretisation.ZERO_ORDER_HOLD;
          case "bilinear" -> Discretisation.BILINEAR;
          default -> throw new IllegalArgumentException(ref.text("disc"));
        };
    S4dKernel kernel = new S4dKernel(ref.weights(), sizes(ref, "A_real"), discretisation);
    return new Results().output("K", kernel.kernel(ref.integer("length")));
  }

  /** The rank is what the recorded correction says, whatever measure it began as. */
  private static Hippo measure(Recording ref, String correction) {
    Hippo named =
        ref.hasSetting("init")
            ? switch (ref.text("init").toLowerCase(Locale.ROOT)) {
              case "legt" -> Hippo.LEGT;
              case "fourier", "fout" -> Hippo.FOURIER;
              default -> Hippo.LEGS;
            }
            : Hippo.LEGS;
    long rank = ref.sizes("param." + correction)[0];
    return named.rank() == rank ? named : rank == 2 ? Hippo.LEGT : Hippo.LEGS;
  }

  private static S4Kernel dplr(Recording ref) {
    return new S4Kernel(ref.weights(), sizes(ref, "A_real"), measure(ref, "P"));
  }

  private static Results kernel(Recording ref) {
    return new Results().output("K", dplr(ref).kernel(ref.integer("length")));
  }

  private static Results truncated(Recording ref) {
    S4Kernel kernel = dplr(ref);
    long length = ref.integer("length");
    return new Results()
        .output("C_tilde", Fourier.viewAsReal(kernel.truncatedOutput(length).contiguous()))
        .output("K", kernel.kernel(length));
  }

  private static Results hippo(Recording ref) {
    int size = ref.integer("N");
    Results results = new Results();
    for (Hippo measure : Hippo.values()) {
      String name = measure.name().toLowerCase(Locale.ROOT);
      results
          .output("A_" + name, measure.transition(size))
          .output("B_" + name, measure.input(size));
      // the reference makes this one in single precision
      DType type = measure == Hippo.FOURIER ? DType.F32 : DType.F64;
      results.output("P_" + name, measure.correction(size).to(type));
    }
    Hippo.Diagonalised legs = Hippo.LEGS.diagonalised(size);
    return results
        .output("w_real", Fourier.real(legs.values()))
        .output("w_imag", Fourier.imaginary(legs.values()));
  }

  private static Results block(Recording ref) {
    S4 block =
        new S4(
            ref.weights(),
            ref.integer("d_model"),
            ref.integer("d_state"),
            measure(ref, "layer.kernel.P"),
            ref.flag("bidirectional"));
    return new Results()
        .output("y", block.apply(ref.input("u").transpose(1, 2)).transpose(1, 2))
        .extra("kernel", block.kernel(ref.integer("length")));
  }
}
