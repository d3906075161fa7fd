package dev.heed.text;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.text.align.WellFormed;
import dev.heed.text.decoder.CleanUp;
import dev.heed.text.family.TokenizerFolder;
import dev.heed.text.pipeline.AddedToken;
import dev.heed.text.pipeline.Pipeline;
import dev.heed.text.postprocessor.OffsetTrim;
import dev.heed.text.postprocessor.PostProcessor;
import dev.heed.text.postprocessor.Template;
import dev.heed.text.source.TokenizerJson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Turns text into tokens and back, as the files of a checkpoint say.
 *
 * <p>An encoding is always the whole text: what the files say about cutting and filling is {@link
 * #batchRule()}, and done when asked for. Text that spells an added token, such as {@code [SEP]},
 * becomes that token. A surrogate without its partner is read as U+FFFD.
 *
 * <p>Immutable, and may be shared between threads.
 */
public final class Tokenizer {
  private static final String NO_TEXT = "text: expected a text, which may be empty, got null";

  private final Pipeline pipeline;
  private final PostProcessor post;
  private final TokenizerSettings settings;
  private final BatchRule rule;
  private final @Nullable Tokenizer target;

  /**
   * Puts a tokenizer together; checkpoints are opened by {@link #open(Path)}.
   *
   * @param pipeline from text to pieces and back
   * @param post what is added to a text
   * @param settings what the files say beside
   * @param rule how the files say that batches are cut and filled
   */
  public Tokenizer(
      Pipeline pipeline, PostProcessor post, TokenizerSettings settings, BatchRule rule) {
    this(pipeline, post, settings, rule, null);
  }

  private Tokenizer(
      Pipeline pipeline,
      PostProcessor post,
      TokenizerSettings settings,
      BatchRule rule,
      @Nullable Tokenizer target) {
    this.target = target;
    this.pipeline = pipeline;
    this.post = post;
    this.settings = settings;
    this.rule = rule;
  }

  /**
   * Opens a tokenizer.
   *
   * @param path a checkpoint's folder, or a single file of one of the kinds that stand alone
   *     ({@code tokenizer.json}, a SentencePiece model)
   * @throws CheckpointException for missing, invalid or unsupported files
   */
  public static Tokenizer open(Path path) {
    return TokenizerFolder.open(path);
  }

  /**
   * Reads a tokenizer that is in memory already.
   *
   * @param where a name for messages
   * @param json a tokenizer.json, UTF-8
   * @throws CheckpointException for an invalid or unsupported file
   */
  public static Tokenizer of(String where, byte[] json) {
    return TokenizerJson.read(where, json).tokenizer(TokenizerSettings.NONE);
  }

  /** The same tokenizer with another one for the texts that a translator writes. */
  public Tokenizer withTarget(Tokenizer written) {
    return new Tokenizer(pipeline, post, settings, rule, written);
  }

  /**
   * The tokenizer of the texts that a model writes: another one where a translator reads and writes
   * with models or language tokens of their own, else this one.
   */
  public Tokenizer target() {
    return target == null ? this : target;
  }

  /**
   * Encodes one text with the special tokens of the tokenizer's template.
   *
   * @param text any text, empty included
   * @return the whole text
   * @throws TextException if the vocabulary cannot express the text
   */
  public Encoding encode(String text) {
    return encode(text, null, true);
  }

  /** Encodes a pair of texts with special tokens, with the errors of {@link #encode(String)}. */
  public Encoding encode(String first, String second) {
    return encode(first, second, true);
  }

  /**
   * Encodes one text or a pair.
   *
   * @param first any text
   * @param second the other text of a pair, or null
   * @param special whether to add the special tokens of the tokenizer's template
   * @return the whole texts
   * @throws TextException if the vocabulary cannot express the text
   */
  public Encoding encode(String first, @Nullable String second, boolean special) {
    Objects.requireNonNull(first, NO_TEXT);
    Template template = second == null ? post.single() : post.pair();
    List<Token> tokens = new ArrayList<>(first.length() / 3 + 8);
    int begin = 0;
    for (Template.Part part : template.parts()) {
      switch (part) {
        case Template.Special s -> {
          if (special) {
            tokens.add(new Token(s.id(), s.spelling(), 0, 0, -1, -1, s.type(), true, false));
          }
        }
        case Template.End e -> {
          boolean ended = tokens.size() > begin && tokens.getLast().id() == e.id();
          if (special && !ended) {
            tokens.add(new Token(e.id(), e.spelling(), 0, 0, -1, -1, e.type(), true, false));
          }
        }
        case Template.Text t -> {
          begin = tokens.size();
          String text = t.text() == 0 || second == null ? first : second;
          add(text, t.text(), t.type(), tokens);
        }
      }
    }
    return new Encoding(tokens);
  }

  private void add(String text, int sequence, int type, List<Token> tokens) {
    int before = tokens.size();
    String wellFormed = WellFormed.of(text);
    pipeline.cut(
        wellFormed,
        (id, spelling, start, end, word) -> {
          int from = start;
          int to = end;
          for (OffsetTrim trim : post.trims()) {
            OffsetTrim.Range range =
                trim.trim(
                    spelling, tokens.size() - before, new OffsetTrim.Range(from, to), wellFormed);
            from = range.start();
            to = range.end();
          }
          tokens.add(new Token(id, spelling, from, to, word, sequence, type, false, false));
        });
  }

  /**
   * Encodes every text by itself with special tokens, with the errors of {@link #encode(String)}.
   */
  public List<Encoding> encodeAll(List<String> texts) {
    return texts.stream().map(this::encode).toList();
  }

  /**
   * Encodes to numbers alone, with special tokens: faster where offsets and words are not asked
   * for.
   *
   * @param text any text
   * @param most where to cut, as {@link Encoding#truncatedTo(int)}
   * @return at most {@code most} ids
   * @throws TextException if the vocabulary cannot express the text
   */
  public long[] ids(String text, int most) {
    Objects.requireNonNull(text, NO_TEXT);
    IdList ids = new IdList();
    for (Template.Part part : post.single().parts()) {
      switch (part) {
        case Template.Special s -> ids.add(s.id());
        case Template.End e -> {
          if (!ids.endsWith(e.id())) {
            ids.add(e.id());
          }
        }
        case Template.Text _ -> pipeline.cut(WellFormed.of(text), (id, _, _, _, _) -> ids.add(id));
      }
    }
    return ids.size() <= most ? ids.toArray() : encode(text).truncatedTo(most).ids();
  }

  /**
   * Turns ids back into text, with the clean-up that the tokenizer has by default.
   *
   * @param ids each from this vocabulary
   * @param special whether special tokens are shown
   * @throws TextException for an id that is not in the vocabulary
   */
  public String decode(long[] ids, boolean special) {
    return decode(ids, special, settings.cleanUp());
  }

  /**
   * Turns ids back into text.
   *
   * @param ids each from this vocabulary
   * @param special whether special tokens are shown
   * @param cleanUp whether to take out the spaces before English punctuation and contractions
   * @throws TextException for an id that is not in the vocabulary
   */
  public String decode(long[] ids, boolean special, boolean cleanUp) {
    int[] checked = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      checked[i] = (int) ids[i];
      if (ids[i] != checked[i] || token(checked[i]).isEmpty()) {
        throw unknown(ids[i]);
      }
    }
    String text = pipeline.decode(checked, special);
    return cleanUp ? CleanUp.text(text) : text;
  }

  /**
   * The bytes that a token stands for within a text: what a program shows that writes a text token
   * by token, since one character may take several tokens.
   *
   * @throws TextException for an id that is not in the vocabulary
   */
  public byte[] bytes(int id) {
    if (token(id).isEmpty()) {
      throw unknown(id);
    }
    return pipeline.bytes(id);
  }

  private TextException unknown(long id) {
    return new TextException(
        "decode: expected ids of this vocabulary of " + vocabularySize() + ", got " + id);
  }

  /**
   * The same tokenizer, but a text that spells a special token is a text like any other: for what
   * strangers write, who must not be able to end a prompt.
   */
  public Tokenizer literal() {
    return new Tokenizer(
        pipeline.literal(), post, settings, rule, target == null ? null : target.literal());
  }

  /** Returns the number of a token, or empty when it is not in the vocabulary. */
  public OptionalInt id(String token) {
    AddedToken added = pipeline.added().byContent(token);
    int id = added == null ? pipeline.vocabulary().id(token) : added.id();
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** Returns the token of a number, or empty when it is not in the vocabulary. */
  public Optional<String> token(int id) {
    AddedToken added = pipeline.added().byId(id);
    return Optional.ofNullable(added == null ? pipeline.vocabulary().piece(id) : added.content());
  }

  /** Tells whether the files declare this number a special token. */
  public boolean isSpecial(int id) {
    AddedToken added = pipeline.added().byId(id);
    return added != null && added.special();
  }

  /** Returns how many tokens there are, added ones included. */
  public int vocabularySize() {
    long more =
        pipeline.added().tokens().stream()
            .filter(token -> pipeline.vocabulary().id(token.content()) < 0)
            .count();
    return pipeline.vocabulary().size() + (int) more;
  }

  /** The number of the token that has a role, if the files name one. */
  public OptionalInt id(TokenRole role) {
    String token = settings.roles().get(role);
    return token == null ? OptionalInt.empty() : id(token);
  }

  /** What the files say beside: lengths, roles, sides, chat templates. */
  public TokenizerSettings settings() {
    return settings;
  }

  /** How the files say that batches are cut and filled. */
  public BatchRule batchRule() {
    return rule;
  }

  /**
   * Returns the token to fill batches with.
   *
   * @throws IllegalStateException if the tokenizer has none
   */
  public Token padding() {
    Padding padding = rule.padding();
    if (padding != null) {
      return padding.pad();
    }
    List<String> candidates = new ArrayList<>(List.of("[PAD]", "<pad>", "<|endoftext|>"));
    if (settings.roles().containsKey(TokenRole.PAD)) {
      candidates.addFirst(settings.roles().get(TokenRole.PAD));
    }
    for (String token : candidates) {
      if (id(token).isPresent()) {
        return pad(id(token).getAsInt(), token, settings.paddingType());
      }
    }
    throw new IllegalStateException(
        "padding: expected a padding token in the tokenizer's files, got none; encode texts of one"
            + " length");
  }

  /**
   * A token to fill with.
   *
   * @param id its number
   * @param token its spelling
   * @param type its segment
   */
  public static Token pad(int id, String token, int type) {
    return new Token(id, token, 0, 0, -1, -1, type, true, true);
  }
}
