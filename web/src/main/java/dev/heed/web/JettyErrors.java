package dev.heed.web;

import java.nio.ByteBuffer;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.json.JsonMapper;

/** Answers what never reaches a page, such as a malformed head, without a word of the machine. */
final class JettyErrors implements Request.Handler {
  private final Function<String, ErrorFormat> formats;

  JettyErrors(Function<String, ErrorFormat> formats) {
    this.formats = formats;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = Math.clamp(response.getStatus(), 400, 599);
    Problem problem = StatusProblem.of(status);
    ErrorFormat format = formats.apply(String.valueOf(request.getHttpURI().getCanonicalPath()));
    byte[] body = JsonMapper.shared().writeValueAsBytes(format.body().of(problem));
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, format.type());
    SecurityHeaders.all().forEach((name, value) -> response.getHeaders().put(name, value));
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }
}
