package dev.heed.text.pipeline;

import dev.heed.text.align.AlignedText;
import dev.heed.text.decoder.Decoder;
import dev.heed.text.normalizer.Normalizer;
import dev.heed.text.pretokenizer.PreTokenizer;
import dev.heed.text.subword.TokenizerModel;
import dev.heed.text.subword.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a {@code tokenizer.json}: added tokens, normaliser, added tokens of the normalised
 * text, splitter, model; and back, the decoder.
 *
 * @param added tokens found before anything else
 * @param normalizer null for none
 * @param splitter null for none
 * @param model cuts the stretches
 * @param decoder puts pieces together
 */
public record StandardPipeline(
    AddedTokens added,
    @Nullable Normalizer normalizer,
    @Nullable PreTokenizer splitter,
    TokenizerModel model,
    Decoder decoder)
    implements Pipeline {

  @Override
  public Vocabulary vocabulary() {
    return model.vocabulary();
  }

  @Override
  public void cut(String text, Sink sink) {
    Run run = new Run(sink);
    added.cutWritten(AlignedText.of(text), run::token, run::text);
  }

  @Override
  public String decode(int[] ids, boolean special) {
    List<String> pieces = new ArrayList<>(ids.length);
    for (int id : ids) {
      AddedToken token = added.byId(id);
      if (token == null) {
        pieces.add(Objects.requireNonNull(vocabulary().piece(id)));
      } else if (special || !token.special()) {
        pieces.add(token.content());
      }
    }
    return String.join("", decoder.decode(pieces));
  }

  @Override
  public byte[] bytes(int id) {
    AddedToken token = added.byId(id);
    if (token != null) {
      return token.content().getBytes(StandardCharsets.UTF_8);
    }
    return decoder.bytes(Objects.requireNonNull(vocabulary().piece(id)));
  }

  @Override
  public Pipeline literal() {
    return new StandardPipeline(added.literal(), normalizer, splitter, model, decoder);
  }

  /** One text on its way; counts its stretches. */
  private final class Run {
    private final Sink sink;
    private int word;

    Run(Sink sink) {
      this.sink = sink;
    }

    void token(AlignedText text, int id) {
      sink.piece(id, text.text(), text.start(0), text.end(text.length()), word++);
    }

    void text(AlignedText text) {
      AlignedText normalized = normalizer == null ? text : normalizer.normalize(text);
      added.cutNormalized(normalized, this::token, this::split);
    }

    private void split(AlignedText text) {
      if (splitter == null) {
        stretch(text);
      } else {
        splitter.split(text, this::stretch);
      }
    }

    private void stretch(AlignedText text) {
      if (text.isEmpty()) {
        return;
      }
      model.tokenize(
          text.text(),
          (id, spelling, from, to) ->
              sink.piece(
                  id,
                  spelling == null ? Objects.requireNonNull(vocabulary().piece(id)) : spelling,
                  text.start(from),
                  text.end(to),
                  word));
      word++;
    }
  }
}
