/**
 * What every web part of Heed stands on: one server that says who may ask, how much, for how long,
 * and how an answer ends.
 *
 * {@snippet :
 * WebPart hello =
 *     routes -> routes.get("/hello", exchange -> exchange.sendText(200, "text/plain", "hello"));
 * try (WebServer server = WebServer.start(WebSettings.local(0), hello)) {
 *   System.out.println(server.address()); // http://127.0.0.1:PORT
 * }
 * }
 *
 * <p>A request is refused before it costs anything: a foreign {@code Host} or {@code Origin} (DNS
 * rebinding, cross-site requests), a missing key, a body too large or too slow, more work than
 * there is room for. Parts throw {@link dev.heed.web.Problem} and never see the network library.
 */
@NullMarked
package dev.heed.web;

import org.jspecify.annotations.NullMarked;
