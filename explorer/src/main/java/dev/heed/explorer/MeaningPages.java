package dev.heed.explorer;

import dev.heed.explain.WordMoves;
import dev.heed.web.Exchange;
import dev.heed.web.Routes;
import dev.heed.web.WebPart;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** One word in several texts: how its vector moves from layer to layer. */
final class MeaningPages implements WebPart {
  private static final int MOST_TEXTS = 24;

  private final SequencedMap<String, ExploredModel> models;

  MeaningPages(SequencedMap<String, ExploredModel> models) {
    this.models = models;
  }

  @Override
  public void routes(Routes routes) {
    WatchedWork.at(routes, "/api/meaning", this::meaning);
  }

  private void meaning(Exchange exchange) {
    RequestFields fields = RequestFields.of(exchange.json(), Set.of("model", "word", "texts"));
    List<String> texts = fields.texts("texts", MOST_TEXTS);
    String word = fields.text("word").strip();
    WordMoves moves = fields.model(models).reading(capture -> WordMoves.of(capture, texts, word));
    exchange.sendJson(200, JsonMapper.shared().valueToTree(moves));
  }
}
