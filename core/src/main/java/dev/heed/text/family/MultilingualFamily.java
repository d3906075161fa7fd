package dev.heed.text.family;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.text.TokenRole;
import dev.heed.text.Tokenizer;
import dev.heed.text.decoder.TokenText;
import dev.heed.text.pipeline.AddedTokens;
import dev.heed.text.pipeline.TransformersPipeline.Steps;
import dev.heed.text.postprocessor.PostProcessor;
import dev.heed.text.sentencepiece.SentencePieceDecoder;
import dev.heed.text.sentencepiece.SentencePieceModel;
import dev.heed.text.sentencepiece.SentencePieceText;
import dev.heed.text.sentencepiece.SentencePieceText.Spacing;
import dev.heed.text.subword.Renumbered;
import dev.heed.text.subword.Vocabulary;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * SentencePiece models whose pieces got other numbers in fairseq: XLM-R, CamemBERT, mBART.
 * Translators have tokens for languages.
 */
final class MultilingualFamily {
  private static final List<String> MBART =
      List.of(
          ("ar_AR cs_CZ de_DE en_XX es_XX et_EE fi_FI fr_XX gu_IN hi_IN it_IT ja_XX kk_KZ ko_KR"
                  + " lt_LT lv_LV my_MM ne_NP nl_XX ro_RO ru_RU si_LK tr_TR vi_VN zh_CN")
              .split(" "));
  private static final List<String> MBART50 =
      List.of(
          (String.join(" ", MBART)
                  + " af_ZA az_AZ bn_IN fa_IR he_IL hr_HR id_ID ka_GE km_KH mk_MK ml_IN mn_MN"
                  + " mr_IN pl_PL ps_AF pt_XX sv_SE sw_KE ta_IN te_IN th_TH tl_XX uk_UA ur_PK"
                  + " xh_ZA gl_ES sl_SI")
              .split(" "));
  private static final String[] MODEL = {"sentencepiece.bpe.model"};

  private MultilingualFamily() {}

  /** XLM-RoBERTa. */
  static Tokenizer xlmRoberta(FamilyFolder folder) {
    SentencePieceModel model = folder.sentencePiece(MODEL);
    SpecialTokens special = folder.special(fairseq(true, List.of()));
    OffsetVocabulary numbers = numbers();
    numbers.fix(model.pieces().size() + 1, special.required(TokenRole.MASK));
    Vocabulary vocabulary = numbers.with(model.pieces(), 1);
    AddedTokens added = special.in(vocabulary, folder.added());
    Steps steps = steps(model, vocabulary, new TokenText.Marked("\u2581"));
    String separator = special.required(TokenRole.SEP);
    return new Assembly(folder, special, added)
        .tokenizer(
            steps, Around.both(added, special.required(TokenRole.CLS), separator, separator, 0));
  }

  /** CamemBERT. */
  static Tokenizer camembert(FamilyFolder folder) {
    SentencePieceModel model = folder.sentencePiece(MODEL);
    List<SpecialToken> unused =
        List.of(SpecialToken.plain("<s>NOTUSED"), SpecialToken.plain("</s>NOTUSED"));
    SpecialTokens special = folder.special(fairseq(true, unused));
    OffsetVocabulary numbers = new OffsetVocabulary();
    numbers.fix(0, "<s>NOTUSED");
    numbers.fix(1, "<pad>");
    numbers.fix(2, "</s>NOTUSED");
    numbers.fix(3, "<unk>");
    numbers.fix(model.pieces().size() + 4, special.required(TokenRole.MASK));
    Vocabulary vocabulary = numbers.with(model.pieces(), 4);
    AddedTokens added = special.in(vocabulary, folder.added());
    Steps steps = steps(model, vocabulary, text(model, special, Spacing.BEFORE_STRETCH));
    String separator = special.required(TokenRole.SEP);
    return new Assembly(folder, special, added)
        .tokenizer(
            steps, Around.both(added, special.required(TokenRole.CLS), separator, separator, 0));
  }

  /** mBART: the language stands behind the text. */
  static Tokenizer mbart(FamilyFolder folder) {
    return translator(
        folder,
        true,
        MBART,
        (model, special) -> new TokenText.Marked("\u2581"),
        (added, language) -> Around.joined(added, List.of(), List.of(eos(added), language)));
  }

  /** mBART-50: the language stands before the text. */
  static Tokenizer mbart50(FamilyFolder folder) {
    return translator(
        folder,
        false,
        MBART50,
        (model, special) -> text(model, special, Spacing.BEFORE_STRETCH),
        (added, language) -> Around.joined(added, List.of(language), List.of(eos(added))));
  }

  private static String eos(AddedTokens added) {
    return Objects.requireNonNull(added.byId(2)).content();
  }

  private static Tokenizer translator(
      FamilyFolder folder,
      boolean begins,
      List<String> languages,
      BiFunction<SentencePieceModel, SpecialTokens, TokenText> text,
      BiFunction<AddedTokens, String, PostProcessor> around) {
    SentencePieceModel model = folder.sentencePiece(MODEL);
    SpecialTokens special =
        folder.special(fairseq(begins, languages.stream().map(SpecialToken::plain).toList()));
    OffsetVocabulary numbers = numbers();
    int next = model.pieces().size() + 1;
    for (String language : languages) {
      numbers.fix(next++, language);
    }
    numbers.fix(next, special.required(TokenRole.MASK));
    Vocabulary vocabulary = numbers.with(model.pieces(), 1);
    AddedTokens added = special.in(vocabulary, folder.added());
    Steps steps = steps(model, vocabulary, text.apply(model, special));
    Assembly parts = new Assembly(folder, special, added);
    String source = language(folder, "src_lang", languages);
    String target = language(folder, "tgt_lang", languages);
    Tokenizer read = parts.tokenizer(steps, around.apply(added, source == null ? "en_XX" : source));
    return target == null
        ? read
        : read.withTarget(parts.tokenizer(steps, around.apply(added, target)));
  }

  private static @Nullable String language(
      FamilyFolder folder, String key, List<String> languages) {
    String language = folder.config().stringOrNull(key);
    if (language != null && !languages.contains(language)) {
      throw folder
          .config()
          .wrong(
              Kind.VALUE, key, "one of " + String.join(", ", languages), folder.config().node(key));
    }
    return language;
  }

  private static SpecialTokens fairseq(boolean begins, List<SpecialToken> additional) {
    Map<TokenRole, SpecialToken> roles = new EnumMap<>(TokenRole.class);
    if (begins) {
      roles.put(TokenRole.BOS, SpecialToken.plain("<s>"));
    }
    roles.put(TokenRole.EOS, SpecialToken.plain("</s>"));
    roles.put(TokenRole.UNK, SpecialToken.plain("<unk>"));
    roles.put(TokenRole.SEP, SpecialToken.plain("</s>"));
    roles.put(TokenRole.PAD, SpecialToken.plain("<pad>"));
    roles.put(TokenRole.CLS, SpecialToken.plain("<s>"));
    roles.put(TokenRole.MASK, SpecialToken.afterSpace("<mask>"));
    return new SpecialTokens(roles, additional);
  }

  private static OffsetVocabulary numbers() {
    OffsetVocabulary numbers = new OffsetVocabulary();
    numbers.fix(0, "<s>");
    numbers.fix(1, "<pad>");
    numbers.fix(2, "</s>");
    numbers.fix(3, "<unk>");
    return numbers;
  }

  private static Steps steps(SentencePieceModel model, Vocabulary vocabulary, TokenText text) {
    return Steps.of(
        model.normalizer(), null, new Renumbered(model, vocabulary, vocabulary.id("<unk>")), text);
  }

  private static TokenText text(SentencePieceModel model, SpecialTokens special, Spacing spacing) {
    return new SentencePieceText(
        new SentencePieceDecoder(model), special.spellings(), spacing, 0, false);
  }
}
