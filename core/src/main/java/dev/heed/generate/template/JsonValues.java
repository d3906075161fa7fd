package dev.heed.generate.template;

import dev.heed.generate.template.Value.Bool;
import dev.heed.generate.template.Value.Dict;
import dev.heed.generate.template.Value.Int;
import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.Real;
import dev.heed.generate.template.Value.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Values from JSON, copied. */
final class JsonValues {
  private JsonValues() {}

  static Value of(JsonNode json) {
    return switch (json.getNodeType()) {
      case OBJECT -> {
        Dict dict = Dict.empty();
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
          dict.entries().put(new Text(entry.getKey()), of(entry.getValue()));
        }
        yield dict;
      }
      case ARRAY -> {
        List<Value> elements = new ArrayList<>();
        json.forEach(element -> elements.add(of(element)));
        yield Items.list(elements);
      }
      case STRING -> new Text(json.stringValue());
      case BOOLEAN -> Bool.of(json.booleanValue());
      case NUMBER ->
          json.isIntegralNumber() ? new Int(json.bigIntegerValue()) : new Real(json.doubleValue());
      default -> Value.NONE;
    };
  }
}
