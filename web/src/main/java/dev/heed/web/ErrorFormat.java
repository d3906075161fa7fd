package dev.heed.web;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a part of the server writes its errors.
 *
 * @param type of the content
 */
public record ErrorFormat(String type, Body body) {
  /** RFC 9457, "Problem Details for HTTP APIs". */
  public static final ErrorFormat PROBLEM_DETAILS =
      new ErrorFormat("application/problem+json", ErrorFormat::problem);

  /** What stands in the body. */
  @FunctionalInterface
  public interface Body {
    /** A JSON object that tells of a problem. */
    ObjectNode of(Problem problem);
  }

  private static ObjectNode problem(Problem problem) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("type", "urn:heed:problem:" + problem.code());
    json.put("title", problem.code().replace('_', ' '));
    json.put("status", problem.status());
    json.put("detail", problem.detail());
    if (problem.parameter() != null) {
      json.put("parameter", problem.parameter());
    }
    return json;
  }
}
