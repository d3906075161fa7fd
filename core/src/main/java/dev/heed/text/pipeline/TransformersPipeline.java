package dev.heed.text.pipeline;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.Rewrite;
import dev.heed.text.decoder.TokenText;
import dev.heed.text.normalizer.Lowercase;
import dev.heed.text.normalizer.Normalizer;
import dev.heed.text.normalizer.SentencePieceNormalizer;
import dev.heed.text.pretokenizer.PreTokenizer;
import dev.heed.text.subword.Renumbered;
import dev.heed.text.subword.TokenizerModel;
import dev.heed.text.subword.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The steps of transformers' Python tokenizers ({@code PreTrainedTokenizer.tokenize} and {@code
 * decode}, version 4.33): the whole text is prepared, lower-cased outside of special tokens and cut
 * at them; each stretch is normalised, split and cut by the model.
 *
 * @param added the special tokens, and those added to the vocabulary
 * @param steps what is done to the text
 */
public record TransformersPipeline(AddedTokens added, Steps steps) implements Pipeline {
  /**
   * What is done to a text, in this order, and back.
   *
   * @param prepare once to the whole text, or null
   * @param lowercase whether what is no special token is lower-cased, character by character
   * @param normalizer to each stretch between special tokens, or null
   * @param splitter splits stretches, or null
   * @param model cuts what is left; it has every number
   * @param dropsLonePrefix whether a first piece that is U+2581 alone goes if a special token
   *     follows
   * @param text back
   */
  public record Steps(
      @Nullable Normalizer prepare,
      boolean lowercase,
      @Nullable Normalizer normalizer,
      @Nullable PreTokenizer splitter,
      TokenizerModel model,
      boolean dropsLonePrefix,
      TokenText text) {
    /** Only a normaliser, a splitter and a model. */
    public static Steps of(
        @Nullable Normalizer normalizer,
        @Nullable PreTokenizer splitter,
        TokenizerModel model,
        TokenText text) {
      return new Steps(null, false, normalizer, splitter, model, false, text);
    }

    /** The same after a preparation of the whole text. */
    public Steps prepared(Normalizer preparation) {
      return new Steps(preparation, lowercase, normalizer, splitter, model, dropsLonePrefix, text);
    }

    /** The same on lower-cased text, or not. */
    public Steps lowercased(boolean lower) {
      return new Steps(prepare, lower, normalizer, splitter, model, dropsLonePrefix, text);
    }

    /** The same with a vocabulary's numbers instead of the model's. */
    public Steps renumbered(Vocabulary vocabulary, int unknown) {
      return new Steps(
          prepare,
          lowercase,
          normalizer,
          splitter,
          new Renumbered(model, vocabulary, unknown),
          dropsLonePrefix,
          text);
    }

    /** The same without a lone first U+2581. */
    public Steps droppingLonePrefix() {
      return new Steps(prepare, lowercase, normalizer, splitter, model, true, text);
    }
  }

  @Override
  public Vocabulary vocabulary() {
    return steps.model.vocabulary();
  }

  @Override
  public void cut(String text, Sink sink) {
    AlignedText prepared = AlignedText.of(text);
    if (steps.prepare != null) {
      prepared = steps.prepare.normalize(prepared);
    }
    if (steps.lowercase) {
      prepared = lowercased(prepared);
    }
    PrefixDrop drop = steps.dropsLonePrefix ? new PrefixDrop(sink) : null;
    Run run = new Run(drop == null ? sink : drop);
    added.cutWritten(prepared, run::token, run::stretch);
    if (drop != null) {
      drop.end();
    }
  }

  private AlignedText lowercased(AlignedText text) {
    // Positions within this text, not within the original, since it may have been prepared.
    Rewrite rewrite = new Rewrite(text);
    added.cutWritten(
        AlignedText.of(text.text()),
        (token, id) -> rewrite.keepUntil(token.end(token.length())),
        rest -> {
          rewrite.keepUntil(rest.start(0));
          Lowercase.rewrite(rewrite, rest.end(rest.length()));
        });
    return rewrite.done();
  }

  @Override
  public String decode(int[] ids, boolean special) {
    List<String> texts = new ArrayList<>();
    List<String> tokens = new ArrayList<>();
    for (int id : ids) {
      AddedToken token = added.byId(id);
      if (token != null && !special && token.special()) {
        continue;
      }
      if (token != null && vocabulary().id(token.content()) < 0) {
        flush(tokens, texts);
        texts.add(token.content());
      } else {
        tokens.add(Objects.requireNonNull(vocabulary().piece(id)));
      }
    }
    flush(tokens, texts);
    return String.join(" ", texts);
  }

  private void flush(List<String> tokens, List<String> texts) {
    if (!tokens.isEmpty()) {
      texts.add(steps.text.text(tokens));
      tokens.clear();
    }
  }

  @Override
  public byte[] bytes(int id) {
    AddedToken token = added.byId(id);
    return token != null
        ? token.content().getBytes(StandardCharsets.UTF_8)
        : steps.text.bytes(Objects.requireNonNull(vocabulary().piece(id)));
  }

  @Override
  public Pipeline literal() {
    return new TransformersPipeline(added.literal(), steps);
  }

  /** One text on its way; counts its stretches. */
  private final class Run {
    private final Sink sink;
    private int word;

    Run(Sink sink) {
      this.sink = sink;
    }

    void token(AlignedText text, int id) {
      String spelling = Objects.requireNonNull(added.byId(id)).content();
      sink.piece(id, spelling, text.start(0), text.end(text.length()), word++);
    }

    void stretch(AlignedText text) {
      AlignedText normalized = steps.normalizer == null ? text : steps.normalizer.normalize(text);
      if (normalized.isEmpty()) {
        return;
      }
      if (steps.splitter == null) {
        word(normalized);
      } else {
        steps.splitter.split(normalized, this::word);
      }
    }

    private void word(AlignedText text) {
      if (text.isEmpty()) {
        return;
      }
      boolean[] begun = {false};
      steps.model.tokenize(
          text.text(),
          (id, spelling, from, to) -> {
            String shown =
                spelling == null ? Objects.requireNonNull(vocabulary().piece(id)) : spelling;
            // Without a splitter, words are what SentencePiece marks as such.
            if (begun[0]
                && steps.splitter == null
                && text.text().charAt(from) == SentencePieceNormalizer.SPACE) {
              word++;
            }
            begun[0] = true;
            sink.piece(id, shown, text.start(from), text.end(to), word);
          });
      word++;
    }
  }

  /** Holds the first piece back until what follows it is known. */
  private final class PrefixDrop implements Sink {
    private final Sink sink;
    private int pieces;
    private @Nullable Runnable held;

    PrefixDrop(Sink sink) {
      this.sink = sink;
    }

    @Override
    public void piece(int id, String spelling, int start, int end, int word) {
      if (pieces++ == 0 && spelling.equals(String.valueOf(SentencePieceNormalizer.SPACE))) {
        held = () -> sink.piece(id, spelling, start, end, word);
        return;
      }
      AddedToken token = added.byContent(spelling);
      if (held != null && (token == null || !token.special())) {
        held.run();
      }
      held = null;
      sink.piece(id, spelling, start, end, word);
    }

    void end() {
      if (held != null) {
        held.run();
      }
    }
  }
}
