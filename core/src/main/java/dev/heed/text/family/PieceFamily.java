package dev.heed.text.family;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.text.Side;
import dev.heed.text.TokenRole;
import dev.heed.text.Tokenizer;
import dev.heed.text.decoder.TokenText;
import dev.heed.text.normalizer.CanonicalForm;
import dev.heed.text.normalizer.CollapsedSpaces;
import dev.heed.text.normalizer.KeptCharacters;
import dev.heed.text.normalizer.Normalizer;
import dev.heed.text.normalizer.NormalizerSequence;
import dev.heed.text.normalizer.Replace;
import dev.heed.text.normalizer.WordLowercase;
import dev.heed.text.pattern.LiteralPattern;
import dev.heed.text.pipeline.AddedTokens;
import dev.heed.text.pipeline.TransformersPipeline.Steps;
import dev.heed.text.postprocessor.PostProcessor;
import dev.heed.text.sentencepiece.DigitCommaModel;
import dev.heed.text.sentencepiece.SentencePieceDecoder;
import dev.heed.text.sentencepiece.SentencePieceModel;
import dev.heed.text.sentencepiece.SentencePieceText;
import dev.heed.text.sentencepiece.SentencePieceText.Spacing;
import dev.heed.text.source.JsonPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** SentencePiece models of encoders: ALBERT, XLNet, BigBird, DeBERTa's second version, Reformer. */
final class PieceFamily {
  private static final SpecialTokens ALBERT =
      new SpecialTokens(
          Map.of(
              TokenRole.BOS, SpecialToken.plain("[CLS]"),
              TokenRole.EOS, SpecialToken.plain("[SEP]"),
              TokenRole.UNK, SpecialToken.plain("<unk>"),
              TokenRole.SEP, SpecialToken.plain("[SEP]"),
              TokenRole.PAD, SpecialToken.plain("<pad>"),
              TokenRole.CLS, SpecialToken.plain("[CLS]"),
              TokenRole.MASK, SpecialToken.afterSpace("[MASK]")),
          List.of());
  private static final SpecialTokens XLNET =
      new SpecialTokens(
          Map.of(
              TokenRole.BOS, SpecialToken.plain("<s>"),
              TokenRole.EOS, SpecialToken.plain("</s>"),
              TokenRole.UNK, SpecialToken.plain("<unk>"),
              TokenRole.SEP, SpecialToken.plain("<sep>"),
              TokenRole.PAD, SpecialToken.plain("<pad>"),
              TokenRole.CLS, SpecialToken.plain("<cls>"),
              TokenRole.MASK, SpecialToken.afterSpace("<mask>")),
          List.of(SpecialToken.plain("<eop>"), SpecialToken.plain("<eod>")));

  private static final SpecialTokens BIG_BIRD =
      new SpecialTokens(
          Map.of(
              TokenRole.BOS, SpecialToken.bare("<s>"),
              TokenRole.EOS, SpecialToken.bare("</s>"),
              TokenRole.UNK, SpecialToken.bare("<unk>"),
              TokenRole.SEP, SpecialToken.bare("[SEP]"),
              TokenRole.PAD, SpecialToken.bare("<pad>"),
              TokenRole.CLS, SpecialToken.bare("[CLS]"),
              TokenRole.MASK, SpecialToken.afterSpace("[MASK]")),
          List.of());
  private static final SpecialTokens DEBERTA =
      new SpecialTokens(
          Map.of(
              TokenRole.BOS, SpecialToken.plain("[CLS]"),
              TokenRole.EOS, SpecialToken.plain("[SEP]"),
              TokenRole.UNK, SpecialToken.plain("[UNK]"),
              TokenRole.SEP, SpecialToken.plain("[SEP]"),
              TokenRole.PAD, SpecialToken.plain("[PAD]"),
              TokenRole.CLS, SpecialToken.plain("[CLS]"),
              TokenRole.MASK, SpecialToken.plain("[MASK]")),
          List.of());
  private static final SpecialTokens REFORMER =
      new SpecialTokens(
          Map.of(
              TokenRole.EOS, SpecialToken.plain("</s>"),
              TokenRole.UNK, SpecialToken.plain("<unk>")),
          List.of());

  private PieceFamily() {}

  /** BigBird. */
  static Tokenizer bigBird(FamilyFolder folder) {
    SentencePieceModel model = folder.sentencePiece("spiece.model");
    Assembly parts = parts(folder, model, BIG_BIRD);
    return parts.tokenizer(steps(model, parts.special(), Spacing.BEFORE_STRETCH), separated(parts));
  }

  /** DeBERTa's second and third version. */
  static Tokenizer debertaV2(FamilyFolder folder) {
    SentencePieceModel model = folder.sentencePiece("spm.model");
    Assembly parts = parts(folder, model, DEBERTA);
    JsonPart config = folder.config();
    config.ignore("vocab_type");
    if (config.flag("split_by_punct", false)) {
      throw config.wrong(
          Kind.UNSUPPORTED, "split_by_punct", "false", config.node("split_by_punct"));
    }
    Steps steps = steps(model, parts.special(), Spacing.BEFORE_STRETCH);
    return parts.tokenizer(steps.lowercased(config.flag("do_lower_case", false)), separated(parts));
  }

  /** Reformer: nothing around a text. */
  static Tokenizer reformer(FamilyFolder folder) {
    SentencePieceModel model = folder.sentencePiece("spiece.model");
    Assembly parts = parts(folder, model, REFORMER);
    return parts.tokenizer(steps(model, parts.special(), Spacing.STRIPPED), PostProcessor.NONE);
  }

  private static Assembly parts(
      FamilyFolder folder, SentencePieceModel model, SpecialTokens defaults) {
    SpecialTokens special = folder.special(defaults);
    return new Assembly(folder, special, special.in(model.vocabulary(), folder.added()));
  }

  private static PostProcessor separated(Assembly parts) {
    return Around.both(
        parts.added(),
        parts.special().required(TokenRole.CLS),
        parts.special().required(TokenRole.SEP),
        null,
        1);
  }

  private static Steps steps(SentencePieceModel model, SpecialTokens special, Spacing spacing) {
    TokenText text =
        new SentencePieceText(
            new SentencePieceDecoder(model), special.spellings(), spacing, 0, false);
    return Steps.of(model.normalizer(), null, model, text);
  }

  /** ALBERT. */
  static Tokenizer albert(FamilyFolder folder) {
    SentencePieceModel model = folder.sentencePiece("spiece.model");
    SpecialTokens special = folder.special(ALBERT);
    boolean lower = folder.config().flag("do_lower_case", true);
    AddedTokens added =
        special.in(model.vocabulary(), lower ? special.lowered(folder.added()) : folder.added());
    TokenText text =
        new SentencePieceText(
            new SentencePieceDecoder(model), special.spellings(), Spacing.BEFORE_STRETCH, 0, false);
    Steps steps =
        Steps.of(preprocess(folder, lower, model), null, new DigitCommaModel(model), text)
            .lowercased(lower);
    return new Assembly(folder, special, added)
        .tokenizer(
            steps,
            Around.both(
                added, special.required(TokenRole.CLS), special.required(TokenRole.SEP), null, 1));
  }

  /** XLNet: special tokens stand behind the text, and batches are filled on the left. */
  static Tokenizer xlnet(FamilyFolder folder) {
    SentencePieceModel model = folder.sentencePiece("spiece.model");
    SpecialTokens special = folder.special(XLNET);
    boolean lower = folder.config().flag("do_lower_case", false);
    AddedTokens added =
        special.in(model.vocabulary(), lower ? special.lowered(folder.added()) : folder.added());
    Steps steps =
        Steps.of(
                preprocess(folder, lower, model),
                null,
                new DigitCommaModel(model),
                new TokenText.Marked("\u2581"))
            .lowercased(lower);
    String sep = special.required(TokenRole.SEP);
    String cls = special.required(TokenRole.CLS);
    PostProcessor post =
        PostProcessor.of(
            Around.with(added).first().special(sep, 0).special(cls, 2).done(),
            Around.with(added)
                .first()
                .special(sep, 0)
                .second(1)
                .special(sep, 1)
                .special(cls, 2)
                .done());
    return new Assembly(folder, special, added)
        .tokenizer(steps, post, folder.settings(special, Side.LEFT, 3, true));
  }

  /** {@code preprocess_text} of ALBERT and XLNet, then the model's own normalisation. */
  private static Normalizer preprocess(
      FamilyFolder folder, boolean lower, SentencePieceModel model) {
    List<Normalizer> steps = new ArrayList<>();
    if (folder.config().flag("remove_space", true)) {
      steps.add(new CollapsedSpaces());
    }
    steps.add(new Replace(new LiteralPattern("``"), "\""));
    steps.add(new Replace(new LiteralPattern("''"), "\""));
    if (!folder.config().flag("keep_accents", false)) {
      steps.add(CanonicalForm.NFKD);
      steps.add(KeptCharacters.NOT_COMBINING);
    }
    if (lower) {
      steps.add(new WordLowercase());
    }
    steps.add(model.normalizer());
    return new NormalizerSequence(steps);
  }
}
