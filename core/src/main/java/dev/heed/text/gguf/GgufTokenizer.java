package dev.heed.text.gguf;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.gguf.GgufMetadata;
import dev.heed.text.BatchRule;
import dev.heed.text.Side;
import dev.heed.text.TokenRole;
import dev.heed.text.Tokenizer;
import dev.heed.text.TokenizerSettings;
import dev.heed.text.align.CodePoints;
import dev.heed.text.decoder.Decoder;
import dev.heed.text.normalizer.CharsMap;
import dev.heed.text.normalizer.FirstOfDecomposition;
import dev.heed.text.normalizer.KeptCharacters;
import dev.heed.text.normalizer.Lowercase;
import dev.heed.text.normalizer.Normalizer;
import dev.heed.text.normalizer.NormalizerSequence;
import dev.heed.text.normalizer.SentencePieceNormalizer;
import dev.heed.text.pattern.CharacterPattern;
import dev.heed.text.pipeline.AddedToken;
import dev.heed.text.pipeline.AddedTokens;
import dev.heed.text.pipeline.StandardPipeline;
import dev.heed.text.postprocessor.PostProcessor;
import dev.heed.text.postprocessor.Template;
import dev.heed.text.pretokenizer.ByteLevel;
import dev.heed.text.pretokenizer.PreTokenizer;
import dev.heed.text.pretokenizer.PreTokenizerSequence;
import dev.heed.text.pretokenizer.Split;
import dev.heed.text.pretokenizer.SplitBehavior;
import dev.heed.text.sentencepiece.PieceList;
import dev.heed.text.sentencepiece.PieceType;
import dev.heed.text.sentencepiece.SentencePieceModel;
import dev.heed.text.subword.BytePairEncoding;
import dev.heed.text.subword.MergeTable;
import dev.heed.text.subword.TokenizerModel;
import dev.heed.text.subword.Vocabulary;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tokenizer of a GGUF file ({@code tokenizer.ggml.*}): SentencePiece by scores, byte-pair
 * encoding, WordPiece or a unigram model.
 */
public final class GgufTokenizer {
  private final GgufVocabulary file;
  private final PieceList pieces;

  private GgufTokenizer(GgufVocabulary file) {
    this.file = file;
    this.pieces = file.pieces();
  }

  /**
   * Reads a tokenizer.
   *
   * @param metadata a file's, which may be closed afterwards
   * @throws CheckpointException for an invalid file, one without a tokenizer, or one of a kind that
   *     Heed does not know
   */
  public static Tokenizer read(GgufMetadata metadata) {
    return new GgufTokenizer(new GgufVocabulary(metadata)).tokenizer();
  }

  private Tokenizer tokenizer() {
    return switch (file.model()) {
      case "llama" -> sentencePiece();
      case "gpt2" -> bytePairs();
      case "bert" -> wordPiece();
      case "t5" -> unigram();
      default -> throw file.unsupported("model", "one of bert, gpt2, llama, t5", file.model());
    };
  }

  private Tokenizer sentencePiece() {
    boolean prefix = file.flag("add_space_prefix", true);
    int unknown = file.token("unknown", 0);
    SentencePieceModel model =
        new SentencePieceModel(
            withUnknown(unknown),
            new SentencePieceModel.Options(
                SentencePieceModel.Kind.BPE, true, false, "", prefix, false, true),
            CharsMap.of(file.where("model"), new byte[0]));
    return assemble(
        steps(model.normalizer(), null, model),
        false,
        prefix,
        false,
        begins(1, true),
        ends(2, false));
  }

  /** The pieces with the unknown one marked as such, which old files forget. */
  private PieceList withUnknown(int unknown) {
    if (pieces.first(PieceType.UNKNOWN) >= 0) {
      return pieces;
    }
    if (unknown < 0) {
      throw file.error(Kind.VALUE, "unknown_token_id", "a piece", "none");
    }
    List<PieceType> types = new ArrayList<>(pieces.types());
    types.set(unknown, PieceType.UNKNOWN);
    return new PieceList(pieces.spellings(), pieces.scores(), types);
  }

  private Tokenizer bytePairs() {
    String name = file.text("pre", "default");
    WordRule rule =
        WordRule.of(name)
            .orElseThrow(() ->
                file.unsupported("pre", "one of " + String.join(", ", WordRule.allNames()), name));
    Vocabulary vocabulary = pieces.vocabulary();
    BytePairEncoding.Options options = BytePairEncoding.Options.NONE;
    TokenizerModel model =
        new BytePairEncoding(
            vocabulary, merges(vocabulary), rule.takesWhole() ? options.ignoringMerges() : options);
    PreTokenizer splitter =
        new PreTokenizerSequence(List.of(rule.splitter(), new ByteLevel(false, false)));
    return assemble(
        steps(null, splitter, model),
        true,
        false,
        rule.cleans(),
        begins(11, rule.begins()),
        ends(11, false));
  }

  private MergeTable merges(Vocabulary vocabulary) {
    List<String> lines = file.merges();
    MergeTable merges = new MergeTable(lines.size());
    for (int rank = 0; rank < lines.size(); rank++) {
      String line = lines.get(rank);
      int space = line.indexOf(' ', 1);
      String left = space < 0 ? line : line.substring(0, space);
      String right = space < 0 ? "" : line.substring(space + 1);
      int result = vocabulary.id(left + right);
      if (vocabulary.id(left) < 0 || vocabulary.id(right) < 0 || result < 0) {
        throw file.error(
            Kind.MALFORMED,
            "merges",
            "two tokens of the vocabulary that merge to one of it",
            Quoted.of(line));
      }
      merges.put(vocabulary.id(left), vocabulary.id(right), rank, result);
    }
    return merges;
  }

  /** BERT's words; what it does with accents and joiners is llama.cpp's. */
  private Tokenizer wordPiece() {
    int unknown = file.token("unknown", 100);
    if (unknown < 0) {
      throw file.error(Kind.VALUE, "unknown_token_id", "a piece", "none");
    }
    Normalizer normalizer =
        new NormalizerSequence(
            List.of(
                new FirstOfDecomposition(),
                new KeptCharacters(GgufTokenizer::isWordText),
                new Lowercase()));
    PreTokenizer splitter =
        new PreTokenizerSequence(
            List.of(
                Split.whitespace(),
                new Split(
                    new CharacterPattern(c -> CodePoints.isPunctuation(c) || isIdeograph(c)),
                    SplitBehavior.ISOLATED)));
    PhantomSpaceModel model = new PhantomSpaceModel(pieces.vocabulary(), unknown);
    int cls = file.token("bos", file.token("cls", 101));
    int sep = file.token("seperator", 102); // so spelled in the format
    return assemble(steps(normalizer, splitter, model), false, false, true, cls, sep);
  }

  private static boolean isWordText(int c) {
    return CodePoints.isWhiteSpace(c) || (c != 0xfffd && !CodePoints.isOther(c) && c != 0x7f);
  }

  // llama.cpp begins one of the blocks 256 characters late.
  private static boolean isIdeograph(int c) {
    return CodePoints.isChinese(c) && !(c >= 0x2b820 && c < 0x2b920);
  }

  private Tokenizer unigram() {
    int unknown = file.token("unknown", 2);
    if (unknown < 0) {
      throw file.error(Kind.VALUE, "unknown_token_id", "a piece", "none");
    }
    boolean prefix = file.flag("add_space_prefix", false);
    boolean collapse = file.flag("remove_extra_whitespaces", false);
    boolean suffix = file.flag("treat_whitespace_as_suffix", false);
    Normalizer normalizer =
        new SentencePieceNormalizer(
            CharsMap.of(file.where("precompiled_charsmap"), file.charsMap()),
            pieces.trie(PieceType.USER_DEFINED),
            prefix || (collapse && !suffix),
            suffix,
            collapse,
            file.flag("escape_whitespaces", true));
    return assemble(
        steps(normalizer, null, new UnigramModel(pieces, unknown)),
        false,
        prefix,
        false,
        begins(-1, false),
        ends(1, true));
  }

  private StandardPipeline steps(
      @Nullable Normalizer normalizer, @Nullable PreTokenizer splitter, TokenizerModel model) {
    List<AddedToken> added = new ArrayList<>();
    for (int id = 0; id < pieces.size(); id++) {
      PieceType type = pieces.types().get(id);
      boolean special = type == PieceType.CONTROL || type == PieceType.UNKNOWN;
      String spelling = pieces.spellings().get(id);
      if ((special || type == PieceType.USER_DEFINED) && !spelling.isEmpty()) {
        added.add(new AddedToken(id, spelling, false, false, false, false, special));
      }
    }
    return new StandardPipeline(
        new AddedTokens(added, null), normalizer, splitter, model, new Decoder.Fuse());
  }

  private int begins(int usual, boolean absent) {
    return file.flag("add_bos_token", absent) ? file.token("bos", usual) : -1;
  }

  private int ends(int usual, boolean absent) {
    return file.flag("add_eos_token", absent) ? file.token("eos", usual) : -1;
  }

  private Tokenizer assemble(
      StandardPipeline steps,
      boolean byteLevel,
      boolean spaced,
      boolean cleans,
      int first,
      int last) {
    List<Template.Part> single = new ArrayList<>();
    List<Template.Part> pair = new ArrayList<>();
    add(single, first, 0);
    single.add(new Template.Text(0, 0));
    add(single, last, 0);
    pair.addAll(single);
    pair.add(new Template.Text(1, 1));
    add(pair, last, 1);
    return new Tokenizer(
        new GgufPipeline(steps, byteLevel, spaced, cleans),
        PostProcessor.of(new Template(single), new Template(pair)),
        settings(),
        BatchRule.NONE);
  }

  private void add(List<Template.Part> parts, int id, int type) {
    if (id >= 0) {
      parts.add(new Template.Special(id, pieces.spellings().get(id), type));
    }
  }

  private TokenizerSettings settings() {
    Map<TokenRole, String> roles = new EnumMap<>(TokenRole.class);
    role(roles, TokenRole.BOS, "bos");
    role(roles, TokenRole.EOS, "eos");
    role(roles, TokenRole.UNK, "unknown");
    role(roles, TokenRole.SEP, "seperator");
    role(roles, TokenRole.PAD, "padding");
    role(roles, TokenRole.CLS, "cls");
    role(roles, TokenRole.MASK, "mask");
    String chat = file.chatTemplate();
    return new TokenizerSettings(
        OptionalInt.empty(),
        roles,
        List.of(),
        Side.RIGHT,
        0,
        Side.RIGHT,
        false,
        chat == null ? Map.of() : Map.of("default", chat));
  }

  private void role(Map<TokenRole, String> roles, TokenRole role, String key) {
    int id = file.token(key, -1);
    if (id >= 0) {
      roles.put(role, pieces.spellings().get(id));
    }
  }
}
