package dev.heed.checkpoint;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the parameter that an anonymous {@code onnx::MatMul_N} was, by the path of the node that
 * multiplies by it.
 */
final class OnnxNames {
  private static final Pattern PATH = Pattern.compile("/(.+)/MatMul(_\\d+)?");
  private static final String SEVERAL = "";

  private final Map<String, String> users = new HashMap<>();

  private OnnxNames() {}

  static OnnxNames of(OnnxGraph graph) {
    OnnxNames names = new OnnxNames();
    for (OnnxGraph.Node node : graph.nodes()) {
      if (node.operator().equals("MatMul") && node.inputs().size() == 2) {
        names.users.merge(node.inputs().get(1), node.name(), (a, b) -> SEVERAL);
      }
    }
    return names;
  }

  /** Returns the parameter's name, or the initialiser's own when no single node names it. */
  String parameter(TensorInfo initialiser) {
    boolean anonymous =
        initialiser.name().startsWith("onnx::MatMul_") && initialiser.shape().rank() == 2;
    Matcher path =
        PATH.matcher(anonymous ? users.getOrDefault(initialiser.name(), SEVERAL) : SEVERAL);
    return path.matches() ? path.group(1).replace('/', '.') + ".weight" : initialiser.name();
  }
}
