package dev.heed.server;

import dev.heed.web.ErrorFormat;
import dev.heed.web.Problem;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Errors as OpenAI's clients read them: {@code {"error": {message, type, param, code}}}. */
final class OpenAiErrors {
  static final ErrorFormat FORMAT = new ErrorFormat("application/json", OpenAiErrors::of);

  private OpenAiErrors() {}

  static ObjectNode of(Problem problem) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    ObjectNode error = json.putObject("error");
    error.put("message", problem.detail());
    error.put("type", type(problem.status()));
    error.put("param", problem.parameter());
    error.put("code", problem.code());
    return json;
  }

  private static String type(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403, 421 -> "permission_error";
      case 404 -> "not_found_error";
      case 429 -> "rate_limit_error";
      default -> status < 500 ? "invalid_request_error" : "server_error";
    };
  }
}
