package dev.heed.web;

/** What a status of HTTP says by itself. */
final class StatusProblem {
  private StatusProblem() {}

  static Problem of(int status) {
    return switch (status) {
      case 404 -> new Problem(404, "not_found", "path: expected a page of this server, got none");
      case 405 ->
          new Problem(405, "method_not_allowed", "method: expected one of this page, got another");
      case 408 -> new Problem(408, "timeout", "request: expected all of it in time, got a part");
      case 413 -> new Problem(413, "body_too_large", "body: expected a smaller one");
      case 414, 431 ->
          new Problem(status, "head_too_large", "head: expected a smaller one, got too many bytes");
      default ->
          status < 500
              ? new Problem(
                  status, "bad_request", "request: expected valid HTTP, got something else")
              : new Problem(
                  status, "internal_error", "the server could not answer; its log says why");
    };
  }
}
