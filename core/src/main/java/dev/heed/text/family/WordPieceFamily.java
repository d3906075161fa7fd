package dev.heed.text.family;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.text.TokenRole;
import dev.heed.text.Tokenizer;
import dev.heed.text.decoder.TokenText;
import dev.heed.text.normalizer.BertNormalizer;
import dev.heed.text.normalizer.CanonicalForm;
import dev.heed.text.normalizer.KeptCharacters;
import dev.heed.text.normalizer.Normalizer;
import dev.heed.text.normalizer.NormalizerSequence;
import dev.heed.text.normalizer.WordLowercase;
import dev.heed.text.pipeline.AddedTokens;
import dev.heed.text.pipeline.TransformersPipeline.Steps;
import dev.heed.text.pretokenizer.PreTokenizer;
import dev.heed.text.pretokenizer.PreTokenizerSequence;
import dev.heed.text.pretokenizer.Split;
import dev.heed.text.pretokenizer.SplitBehavior;
import dev.heed.text.subword.Vocabulary;
import dev.heed.text.subword.WordPiece;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** {@code vocab.txt}: BERT, DistilBERT, ELECTRA, MPNet and their kin. */
final class WordPieceFamily {
  /** Words, and punctuation marks by themselves. */
  static final PreTokenizer WORDS =
      new PreTokenizerSequence(
          List.of(Split.whitespace(), Split.punctuation(SplitBehavior.ISOLATED)));

  private static final SpecialTokens BERT =
      new SpecialTokens(
          Map.of(
              TokenRole.UNK, SpecialToken.plain("[UNK]"),
              TokenRole.SEP, SpecialToken.plain("[SEP]"),
              TokenRole.PAD, SpecialToken.plain("[PAD]"),
              TokenRole.CLS, SpecialToken.plain("[CLS]"),
              TokenRole.MASK, SpecialToken.plain("[MASK]")),
          List.of());
  private static final SpecialTokens MPNET =
      new SpecialTokens(
          Map.of(
              TokenRole.BOS, SpecialToken.bare("<s>"),
              TokenRole.EOS, SpecialToken.bare("</s>"),
              TokenRole.UNK, SpecialToken.bare("[UNK]"),
              TokenRole.SEP, SpecialToken.bare("</s>"),
              TokenRole.PAD, SpecialToken.bare("<pad>"),
              TokenRole.CLS, SpecialToken.bare("<s>"),
              TokenRole.MASK, SpecialToken.afterSpace("<mask>")),
          List.of());

  private WordPieceFamily() {}

  /** BERT and those that took its tokenizer over. */
  static Tokenizer bert(FamilyFolder folder) {
    Assembly parts = parts(folder, BERT);
    SpecialTokens special = parts.special();
    return parts.tokenizer(
        steps(folder, parts),
        Around.both(
            parts.added(),
            special.required(TokenRole.CLS),
            special.required(TokenRole.SEP),
            null,
            1));
  }

  /** MPNet: BERT's words with RoBERTa's special tokens. */
  static Tokenizer mpnet(FamilyFolder folder) {
    Assembly parts = parts(folder, MPNET);
    String separator = parts.special().required(TokenRole.SEP);
    return parts.tokenizer(
        steps(folder, parts),
        Around.both(
            parts.added(), parts.special().required(TokenRole.CLS), separator, separator, 0));
  }

  private static Assembly parts(FamilyFolder folder, SpecialTokens defaults) {
    SpecialTokens special = folder.special(defaults);
    boolean lower = folder.config().flag("do_lower_case", true);
    AddedTokens added =
        special.in(vocabulary(folder), lower ? special.lowered(folder.added()) : folder.added());
    return new Assembly(folder, special, added);
  }

  private static Vocabulary vocabulary(FamilyFolder folder) {
    return VocabularyFiles.lines(folder.file("vocab.txt"));
  }

  private static Steps steps(FamilyFolder folder, Assembly parts) {
    boolean lower = folder.config().flag("do_lower_case", true);
    JsonNode strip = folder.config().node("strip_accents");
    boolean stripsAccents =
        strip.isMissingNode() || strip.isNull() ? lower : strip.asBoolean(false);
    if (!folder.config().flag("do_basic_tokenize", true)) {
      throw folder
          .config()
          .wrong(
              Kind.UNSUPPORTED,
              "do_basic_tokenize",
              "true, since words are cut from text",
              folder.config().node("do_basic_tokenize"));
    }
    boolean chinese = folder.config().flag("tokenize_chinese_chars", true);
    return Steps.of(
            basic(chinese, false, stripsAccents),
            WORDS,
            new WordPiece(vocabulary(folder), parts.special().required(TokenRole.UNK), "##", 100),
            new TokenText.Words())
        .lowercased(lower);
  }

  /**
   * BERT's basic tokenizer up to the words.
   *
   * @param chinese whether Chinese characters are words by themselves
   * @param lowercase whether to lower-case
   * @param stripAccents whether to leave out accents
   */
  static Normalizer basic(boolean chinese, boolean lowercase, boolean stripAccents) {
    List<Normalizer> steps = new ArrayList<>();
    steps.add(KeptCharacters.ASSIGNED);
    steps.add(new BertNormalizer(true, chinese, false, false));
    steps.add(CanonicalForm.NFC);
    if (lowercase) {
      steps.add(new WordLowercase());
    }
    if (stripAccents) {
      steps.add(new BertNormalizer(false, false, true, false));
    }
    return new NormalizerSequence(steps);
  }
}
