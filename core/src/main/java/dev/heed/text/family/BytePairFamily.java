package dev.heed.text.family;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.text.Side;
import dev.heed.text.TokenRole;
import dev.heed.text.Tokenizer;
import dev.heed.text.decoder.TokenText;
import dev.heed.text.normalizer.CanonicalForm;
import dev.heed.text.normalizer.PrefixSpace;
import dev.heed.text.pattern.RegexDialect;
import dev.heed.text.pattern.TextPattern;
import dev.heed.text.pattern.WordSplit;
import dev.heed.text.pipeline.AddedTokens;
import dev.heed.text.pipeline.TransformersPipeline.Steps;
import dev.heed.text.postprocessor.PostProcessor;
import dev.heed.text.pretokenizer.ByteLevel;
import dev.heed.text.pretokenizer.PreTokenizerSequence;
import dev.heed.text.pretokenizer.Split;
import dev.heed.text.pretokenizer.SplitBehavior;
import dev.heed.text.source.JsonPart;
import dev.heed.text.subword.BytePairEncoding;
import dev.heed.text.subword.SpelledUnknown;
import dev.heed.text.subword.TokenizerModel;
import dev.heed.text.subword.Vocabulary;
import dev.heed.text.subword.WholeWords;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code vocab.json} and {@code merges.txt}: GPT, GPT-2, RoBERTa, CLIP and their kin. */
final class BytePairFamily {
  private static final String END = "<|endoftext|>";
  private static final String WORD_END = "</w>";
  private static final int CLIP_MERGES = 49_152 - 256 - 2;

  private static final SpecialTokens GPT2 =
      new SpecialTokens(
          Map.of(
              TokenRole.BOS, SpecialToken.bare(END),
              TokenRole.EOS, SpecialToken.bare(END),
              TokenRole.UNK, SpecialToken.bare(END)),
          List.of());
  private static final SpecialTokens ROBERTA =
      new SpecialTokens(
          Map.of(
              TokenRole.BOS, SpecialToken.bare("<s>"),
              TokenRole.EOS, SpecialToken.bare("</s>"),
              TokenRole.UNK, SpecialToken.bare("<unk>"),
              TokenRole.SEP, SpecialToken.bare("</s>"),
              TokenRole.PAD, SpecialToken.bare("<pad>"),
              TokenRole.CLS, SpecialToken.bare("<s>"),
              TokenRole.MASK, SpecialToken.afterSpace("<mask>")),
          List.of());
  private static final SpecialTokens DEBERTA =
      new SpecialTokens(
          Map.of(
              TokenRole.BOS, SpecialToken.bare("[CLS]"),
              TokenRole.EOS, SpecialToken.bare("[SEP]"),
              TokenRole.UNK, SpecialToken.bare("[UNK]"),
              TokenRole.SEP, SpecialToken.bare("[SEP]"),
              TokenRole.PAD, SpecialToken.bare("[PAD]"),
              TokenRole.CLS, SpecialToken.bare("[CLS]"),
              TokenRole.MASK, SpecialToken.afterSpace("[MASK]")),
          List.of());
  private static final SpecialTokens QWEN2 =
      new SpecialTokens(
          Map.of(
              TokenRole.EOS, SpecialToken.bare(END),
              TokenRole.UNK, SpecialToken.bare(END),
              TokenRole.PAD, SpecialToken.bare(END)),
          List.of());
  private static final SpecialTokens CLIP =
      new SpecialTokens(
          Map.of(
              TokenRole.BOS, SpecialToken.bare("<|startoftext|>"),
              TokenRole.EOS, SpecialToken.bare(END),
              TokenRole.UNK, SpecialToken.bare(END),
              TokenRole.PAD, SpecialToken.bare(END)),
          List.of());
  private static final SpecialTokens GPT =
      new SpecialTokens(Map.of(TokenRole.UNK, SpecialToken.plain("<unk>")), List.of());

  private BytePairFamily() {}

  /** GPT-2: nothing around a text, or its beginning marked. */
  static Tokenizer gpt2(FamilyFolder folder) {
    Assembly parts = parts(folder, GPT2);
    Steps steps = byteLevel(folder, parts.special(), true);
    boolean begins = folder.config().flag("add_bos_token", false);
    String bos = begins ? parts.special().required(TokenRole.BOS) : null;
    AddedTokens added = parts.added();
    return parts.tokenizer(
        steps,
        PostProcessor.of(
            Around.with(added).special(bos, 0).first().done(),
            Around.with(added).special(bos, 0).first().special(bos, 0).second(1).done()));
  }

  /** RoBERTa, BART, Longformer and LED. */
  static Tokenizer roberta(FamilyFolder folder) {
    Assembly parts = parts(folder, ROBERTA);
    String separator = parts.special().required(TokenRole.SEP);
    return parts.tokenizer(
        byteLevel(folder, parts.special(), false),
        Around.both(
            parts.added(), parts.special().required(TokenRole.CLS), separator, separator, 0));
  }

  /** DeBERTa, the first: GPT-2's pieces with BERT's special tokens. */
  static Tokenizer deberta(FamilyFolder folder) {
    Assembly parts = parts(folder, DEBERTA);
    return parts.tokenizer(
        byteLevel(folder, parts.special(), false),
        Around.both(
            parts.added(),
            parts.special().required(TokenRole.CLS),
            parts.special().required(TokenRole.SEP),
            null,
            1));
  }

  /** Qwen 2 and 3: nothing around a text. */
  static Tokenizer qwen2(FamilyFolder folder) {
    Assembly parts = parts(folder, QWEN2);
    folder.config().ignore("add_bos_token"); // it reads the key and adds nothing
    Steps words =
        byteLevel(folder, parts.special(), new Split(WordSplit.ONE_DIGIT, SplitBehavior.ISOLATED));
    return parts.tokenizer(
        words.prepared(CanonicalForm.NFC),
        PostProcessor.NONE,
        folder.settings(parts.special(), Side.RIGHT, 0, false));
  }

  /**
   * Whisper: what is written begins with tokens for the task. Those of a language and a task stand
   * there if the config names them.
   */
  static Tokenizer whisper(FamilyFolder folder) {
    Assembly parts = parts(folder, GPT2);
    JsonPart config = folder.config();
    List<String> before = new ArrayList<>(List.of("<|startoftranscript|>"));
    String language = config.stringOrNull("language");
    String task = config.stringOrNull("task");
    for (String token : Arrays.asList(language, task)) {
      if (token != null) {
        before.add("<|" + token.toLowerCase(Locale.ROOT) + "|>");
      }
    }
    if (!config.flag("predict_timestamps", false)) {
      before.add("<|notimestamps|>");
    }
    for (String token : before) {
      if (parts.added().byContent(token) == null) {
        throw JsonPart.error(
            Kind.VALUE,
            folder.path() + ", added_tokens.json",
            "Whisper's special tokens",
            "none that is " + Quoted.of(token));
      }
    }
    Steps steps = byteLevel(folder, parts.special(), true);
    return parts.tokenizer(
        steps,
        Around.joined(parts.added(), before, List.of(parts.special().required(TokenRole.EOS))));
  }

  /** CLIP: lower-cased words whose ends are marked, written in bytes. */
  static Tokenizer clip(FamilyFolder folder) {
    Assembly parts = parts(folder, CLIP);
    SpecialTokens special = parts.special();
    if (!folder.config().flag("do_lower_case", true)) {
      throw folder
          .config()
          .wrong(
              Kind.UNSUPPORTED,
              "do_lower_case",
              "true, since CLIP's tokenizer always lower-cases",
              folder.config().node("do_lower_case"));
    }
    String bos = special.required(TokenRole.BOS);
    String eos = special.required(TokenRole.EOS);
    Vocabulary vocabulary = vocabulary(folder);
    TokenizerModel model =
        new WholeWords(
            new BytePairEncoding(
                vocabulary,
                VocabularyFiles.merges(folder.file("merges.txt"), vocabulary, CLIP_MERGES, true),
                options(special.spelling(TokenRole.UNK), WORD_END)),
            Set.of("<|startoftext|>", END));
    TextPattern words =
        RegexDialect.RUST.compile(
            "CLIP's words",
            "(?i)<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d"
                + "|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+");
    Steps steps =
        Steps.of(
            WordPieceFamily.basic(true, true, false),
            new PreTokenizerSequence(
                List.of(
                    Split.whitespace(),
                    new Split(words.inverted(), SplitBehavior.REMOVED),
                    new ByteLevel(false, false))),
            model,
            new TokenText.MarkedBytes(WORD_END));
    return parts.tokenizer(steps, Around.both(parts.added(), bos, eos, eos, 0));
  }

  /** The first GPT: BERT's words, lower-cased, whose ends are marked. */
  static Tokenizer gpt(FamilyFolder folder) {
    Assembly parts = parts(folder, GPT);
    String unknown = parts.special().required(TokenRole.UNK);
    Vocabulary vocabulary = vocabulary(folder);
    TokenizerModel model =
        new BytePairEncoding(
            vocabulary,
            VocabularyFiles.merges(folder.file("merges.txt"), vocabulary, Integer.MAX_VALUE, false),
            options(unknown, WORD_END));
    Steps steps =
        Steps.of(
                WordPieceFamily.basic(true, true, true),
                WordPieceFamily.WORDS,
                new SpelledUnknown(model, vocabulary.id(unknown), WORD_END),
                new TokenText.Marked(WORD_END))
            .lowercased(true);
    return parts.tokenizer(steps, PostProcessor.NONE);
  }

  private static Assembly parts(FamilyFolder folder, SpecialTokens defaults) {
    if (!folder.config().string("errors", "replace").equals("replace")) {
      throw folder
          .config()
          .wrong(
              Kind.UNSUPPORTED,
              "errors",
              "\"replace\", which shows what is not UTF-8 as U+FFFD",
              folder.config().node("errors"));
    }
    SpecialTokens special = folder.special(defaults);
    return new Assembly(folder, special, special.in(vocabulary(folder), folder.added()));
  }

  private static Vocabulary vocabulary(FamilyFolder folder) {
    return VocabularyFiles.json(folder.file("vocab.json"));
  }

  private static BytePairEncoding.Options options(@Nullable String unknown, String suffix) {
    return new BytePairEncoding.Options(unknown, "", suffix, false, false, false);
  }

  /** GPT-2's words, written in bytes, perhaps with a space before the text. */
  private static Steps byteLevel(FamilyFolder folder, SpecialTokens special, boolean always) {
    Split words = new Split(WordSplit.GPT2, SplitBehavior.ISOLATED);
    Steps steps = byteLevel(folder, special, words);
    return folder.config().flag("add_prefix_space", false)
        ? steps.prepared(new PrefixSpace(always))
        : steps;
  }

  private static Steps byteLevel(FamilyFolder folder, SpecialTokens special, Split words) {
    Vocabulary vocabulary = vocabulary(folder);
    return Steps.of(
        null,
        new PreTokenizerSequence(List.of(words, new ByteLevel(false, false))),
        new BytePairEncoding(
            vocabulary,
            VocabularyFiles.merges(folder.file("merges.txt"), vocabulary, Integer.MAX_VALUE, false),
            options(special.spelling(TokenRole.UNK), "")),
        new TokenText.Bytes());
  }
}
