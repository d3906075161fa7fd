package dev.heed.server;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.web.Exchange;
import dev.heed.web.Problem;
import dev.heed.web.Routes;
import dev.heed.web.WebPart;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which models there are; and, where the server has a shelf, taking one in or out without losing a
 * request.
 */
record ModelsPages(ModelShelf shelf, ModelOpener opener, @Nullable Path folder) implements WebPart {
  private static final Logger LOG = LoggerFactory.getLogger(ModelsPages.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

  @Override
  public void routes(Routes routes) {
    routes.get(
        "/v1/models",
        exchange ->
            exchange.sendJson(
                200, WritingReply.list(shelf.all().stream().map(ModelsPages::described).toList())));
    routes.get(
        "/v1/models/{model}",
        exchange -> {
          try (ModelShelf.Lease lease = shelf.lease(exchange.pathPart("model"))) {
            exchange.sendJson(200, described(lease.model()));
          }
        });
    if (folder != null) {
      routes.post("/admin/models", exchange -> take(exchange, folder));
      routes.delete("/admin/models/{model}", this::drop);
    }
  }

  private static ObjectNode described(ServedModel model) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("id", model.name());
    json.put("object", "model");
    json.put("created", model.created());
    json.put("owned_by", "heed");
    return json;
  }

  /** Loads a folder of the shelf; one of that name that is served already is replaced by it. */
  private void take(Exchange exchange, Path from) {
    Fields fields = new Fields(exchange.json());
    String name = fields.requiredText("model");
    fields.end();
    // a name has no separator in it, so that it leads nowhere else
    Path model = NAME.matcher(name).matches() ? from.resolve(name) : null;
    if (model == null || !Files.isDirectory(model, LinkOption.NOFOLLOW_LINKS)) {
      throw new Problem(
          404, "model_not_found", "model: expected the name of a folder on the shelf, got another");
    }
    ServedModel opened;
    try {
      opened = opener.open(model);
    } catch (CheckpointException | IllegalArgumentException e) {
      LOG.warn("a model could not be taken in", e);
      throw new Problem(
          422, "model_not_loadable", "model: expected one that loads; the server's log says more");
    }
    ObjectNode json = described(opened);
    shelf.put(opened);
    exchange.sendJson(200, json);
  }

  private void drop(Exchange exchange) {
    if (!shelf.remove(exchange.pathPart("model"))) {
      throw new Problem(404, "model_not_found", "model: expected one that is served, got another");
    }
    exchange.send(204, "application/json", new byte[0]);
  }
}
