package dev.heed.attention.additive;

import dev.heed.attention.additive.LuongAttention.Attended;
import dev.heed.attention.additive.LuongAttention.Locality;
import dev.heed.attention.additive.LuongAttention.Score;
import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Bahdanau's and Luong's attention against their references. */
class AdditiveReferenceTest extends MechanismReference {
  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("bahdanau_attention", AdditiveReferenceTest::bahdanau),
        ReferenceCase.of("bahdanau_attention_opennmt", ref -> global(ref, Score.ADDITIVE)),
        ReferenceCase.of(
            "bahdanau_gru_encoder_decoder", AdditiveReferenceTest::bahdanauEncoderDecoder),
        ReferenceCase.of(
            "bahdanau_gru_encoder_decoder_2layers", AdditiveReferenceTest::bahdanauEncoderDecoder),
        ReferenceCase.of("bahdanau2015_paper_decoder", AdditiveReferenceTest::rnnSearch),
        ReferenceCase.of(
            "bahdanau_opennmt_gru_decoder", ref -> inputFeeding(ref, CellKind.GRU, Score.ADDITIVE)),
        ReferenceCase.of("luong_dot", ref -> global(ref, Score.DOT)),
        ReferenceCase.of("luong_general", ref -> global(ref, Score.GENERAL)),
        ReferenceCase.of("luong_concat", AdditiveReferenceTest::concat),
        ReferenceCase.of("luong_concat_gru_decoder", AdditiveReferenceTest::concatDecoder),
        ReferenceCase.of(
            "luong_input_feed_lstm", ref -> inputFeeding(ref, CellKind.LSTM, Score.GENERAL)),
        ReferenceCase.of("luong_local_m_dot", ref -> local(ref, Locality.LOCAL_M)),
        ReferenceCase.of("luong_local_m_general", ref -> local(ref, Locality.LOCAL_M)),
        ReferenceCase.of("luong_local_p_dot", ref -> local(ref, Locality.LOCAL_P)),
        ReferenceCase.of("luong_local_p_general", ref -> local(ref, Locality.LOCAL_P)));
  }

  private static Results bahdanau(Recording ref) {
    Tensor query = ref.input("query");
    Tensor value = ref.input("value");
    BahdanauAttention attention =
        new BahdanauAttention(ref.weights(), query.size(-1), value.size(-1), ref.integer("hidden"));
    Alignment alignment = attention.apply(query, value, ref.input("mask"));
    return new Results()
        .output("context", alignment.context())
        .weights("alphas", alignment.weights());
  }

  private static Results bahdanauEncoderDecoder(Recording ref) {
    BahdanauEncoderDecoder model =
        new BahdanauEncoderDecoder(
            ref.weights(),
            new BahdanauEncoderDecoder.Config(
                ref.integer("src_vocab"),
                ref.integer("trg_vocab"),
                ref.integer("emb"),
                ref.integer("hidden"),
                ref.integer("num_layers")));
    Tensor lengths = ref.input("src_lengths");
    BahdanauEncoderDecoder.Encoded encoded = model.encode(ref.input("src"), lengths);
    BahdanauEncoderDecoder.Translated translated =
        model.apply(ref.input("src"), lengths, ref.input("trg"));
    return new Results()
        .output("log_probs", translated.logProbabilities())
        .output("decoder_states", translated.decoded().states())
        .output("pre_output", translated.decoded().preOutput())
        .output("final_hidden", translated.decoded().hidden())
        .weights("alphas", translated.decoded().weights())
        .extra("encoder_hidden", encoded.states())
        .extra("encoder_final", encoded.last());
  }

  private static Results rnnSearch(Recording ref) {
    RnnSearchDecoder decoder =
        new RnnSearchDecoder(
            ref.weights(),
            new RnnSearchDecoder.Config(
                ref.integer("vocab"),
                ref.integer("emb"),
                ref.integer("hidden"),
                ref.integer("align"),
                ref.integer("maxout")));
    RnnSearchDecoder.Decoded decoded = decoder.apply(ref.input("trg"), ref.input("annotations"));
    return new Results()
        .output("logits", decoded.logits())
        .output("states", decoded.states())
        .weights("alpha", decoded.weights());
  }

  private static Results inputFeeding(Recording ref, CellKind cell, Score score) {
    InputFeedingDecoder decoder =
        new InputFeedingDecoder(
            ref.weights(),
            new InputFeedingDecoder.Config(
                ref.integer("vocab"),
                ref.integer("emb"),
                ref.integer("hidden"),
                ref.integer("layers"),
                cell,
                score));
    Tensor h0 = ref.input("h0");
    InputFeedingDecoder.Decoded decoded =
        decoder.apply(
            ref.input("tgt").squeeze(-1),
            ref.input("memory"),
            ref.input("memory_lengths"),
            h0,
            cell == CellKind.LSTM ? ref.input("c0") : h0);
    Results results =
        new Results()
            .output("dec_outs", decoded.outputs())
            .output("h_n", decoded.hidden())
            .weights("std", decoded.weights());
    return cell == CellKind.LSTM ? results.output("c_n", decoded.cell()) : results;
  }

  private static Results global(Recording ref, Score score) {
    Tensor query = ref.input("query");
    LuongAttention attention =
        new LuongAttention(ref.weights(), LuongAttention.Config.global(query.size(-1), score));
    Attended attended = attention.apply(query, ref.input("memory"), ref.input("memory_lengths"), 0);
    return new Results()
        .output("attn_h", attended.output())
        .weights("align", attended.alignment().weights());
  }

  private static Results concat(Recording ref) {
    long hidden = ref.integer("hidden");
    Weights weights = ref.weights();
    AlignmentScore score =
        AlignmentScore.concat(
            Linear.of(weights.child("attn"), 2 * hidden, hidden),
            weights.parameter("v", dev.heed.nn.Initializer.ZEROS, hidden));
    Tensor memory = ref.input("encoder_outputs").transpose(0, 1);
    Tensor scores = score.over(memory).apply(ref.input("hidden").transpose(0, 1));
    Alignment alignment = Alignment.of(Alignment.softmax(scores, null), memory);
    return new Results()
        .output("context", alignment.context())
        .weights("attn", alignment.weights());
  }

  private static Results concatDecoder(Recording ref) {
    LuongDecoder decoder =
        new LuongDecoder(
            ref.weights(), ref.integer("vocab"), ref.integer("hidden"), ref.integer("layers"));
    LuongDecoder.Decoded decoded =
        decoder.apply(
            ref.input("tgt").transpose(0, 1),
            ref.input("encoder_outputs").transpose(0, 1),
            null,
            ref.input("h0"));
    return new Results()
        .output("probs", decoded.probabilities().transpose(0, 1))
        .output("h_n", decoded.hidden())
        .weights("attn", decoded.weights());
  }

  private static Results local(Recording ref, Locality locality) {
    Tensor query = ref.input("query").unsqueeze(1);
    Tensor memory = ref.input("memory");
    Tensor lengths = ref.input("memory_lengths");
    Score score = Score.valueOf(ref.text("score").toUpperCase(Locale.ROOT));
    LuongAttention attention =
        new LuongAttention(
            ref.weights(AdditiveReferenceTest::openNmtName),
            new LuongAttention.Config(query.size(-1), score, locality, ref.integer("D")));
    int step = ref.integer("t");
    Attended attended = attention.apply(query, memory, lengths, step);
    LocalAlignment local = Objects.requireNonNull(attention.local());
    Tensor centre = local.centre(query, lengths, step);
    return new Results()
        .output("attn_h", attended.output().squeeze(1))
        .weights("align", attended.alignment().weights().squeeze(1))
        .extra("context", attended.alignment().context().squeeze(1))
        .extra("p_t", centre.squeeze(1))
        .extra("window", local.window(centre, lengths, memory.size(1)).squeeze(1));
  }

  private static String openNmtName(String paper) {
    return switch (paper) {
      case "W_a" -> "linear_in.weight";
      case "W_h" -> "linear_out.weight";
      case "W_pos" -> "linear_position.weight";
      case "v_pos" -> "v_position.weight";
      default -> throw new IllegalArgumentException(paper);
    };
  }
}
