/**
 * The harness that compares mechanisms with recorded references.
 *
 * <p>A recording is one safetensors file: {@code input.*}, {@code param.*}, {@code output.*},
 * {@code weights.*}, {@code grad.input.*}, {@code grad.param.*}, {@code f64.*} of the results, and
 * settings as metadata. The files lie in the test resources under {@code golden/mechanisms}; the
 * system property {@code heed.golden} names another folder that has a {@code mechanisms} folder
 * with recordings of the same names, other sizes, options and seeds. So a case takes every size and
 * option from the recording and assumes none.
 *
 * <p>To add a case: write it in the {@code *ReferenceTest} of its theme, which extends {@link
 * dev.heed.golden.MechanismReference}, and take its name off {@link dev.heed.golden.PendingCases}.
 *
 * {@snippet :
 * class GruReferenceTest extends MechanismReference {
 *   @Override
 *   protected List<ReferenceCase> cases() {
 *     return List.of(ReferenceCase.of("gru", GruReferenceTest::gru));
 *   }
 *
 *   private static Results gru(Recording ref) {
 *     Layout layout = new Layout(ref.integer("layers"), ref.flag("bidirectional"));
 *     Gru gru = new Gru(ref.weights(), ref.integer("input_size"), ref.integer("hidden"), layout);
 *     States states = gru.apply(ref.input("x"), ref.input("h0"));
 *     return new Results().output("y", states.outputs()).output("h_n", states.hidden());
 *   }
 * }
 * }
 *
 * <p>The harness runs the case twice, in double and in float, each within a scope of its own.
 * Recorded gradients are computed by automatic differentiation of the recorded loss. Every recorded
 * {@code output}, {@code weights} and {@code grad} key is compared, and a result without a
 * recording is an error; {@code extra} results are compared when the case returns them. The name in
 * {@link dev.heed.golden.Results} is the key after {@code output.}, {@code weights.} or {@code
 * extra.}.
 */
@NullMarked
package dev.heed.golden;

import org.jspecify.annotations.NullMarked;
