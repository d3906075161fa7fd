package dev.heed.text.family;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.text.TokenRole;
import dev.heed.text.Tokenizer;
import dev.heed.text.decoder.TokenText;
import dev.heed.text.normalizer.PrefixSpace;
import dev.heed.text.pattern.RegexDialect;
import dev.heed.text.pattern.TextPattern;
import dev.heed.text.pipeline.AddedTokens;
import dev.heed.text.pipeline.TransformersPipeline.Steps;
import dev.heed.text.postprocessor.PostProcessor;
import dev.heed.text.pretokenizer.ByteLevel;
import dev.heed.text.pretokenizer.PreTokenizerSequence;
import dev.heed.text.pretokenizer.Split;
import dev.heed.text.pretokenizer.SplitBehavior;
import dev.heed.text.subword.BytePairEncoding;
import dev.heed.text.subword.SpelledUnknown;
import dev.heed.text.subword.TokenizerModel;
import dev.heed.text.subword.Vocabulary;
import dev.heed.text.subword.WholeWords;
import java.util.List;
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
    SpecialTokens special = folder.special(defaults);
    return new Assembly(folder, special, special.in(vocabulary(folder), folder.added()));
  }

  private static Vocabulary vocabulary(FamilyFolder folder) {
    return VocabularyFiles.json(folder.file("vocab.json"));
  }

  private static BytePairEncoding.Options options(@Nullable String unknown, String suffix) {
    return new BytePairEncoding.Options(unknown, "", suffix, false, false, false);
  }

  /** GPT-2's words, written in bytes. */
  private static Steps byteLevel(FamilyFolder folder, SpecialTokens special, boolean always) {
    Vocabulary vocabulary = vocabulary(folder);
    Steps steps =
        Steps.of(
            null,
            new ByteLevel(false, true),
            new BytePairEncoding(
                vocabulary,
                VocabularyFiles.merges(
                    folder.file("merges.txt"), vocabulary, Integer.MAX_VALUE, false),
                options(special.spelling(TokenRole.UNK), "")),
            new TokenText.Bytes());
    return folder.config().flag("add_prefix_space", false)
        ? steps.prepared(new PrefixSpace(always))
        : steps;
  }
}
