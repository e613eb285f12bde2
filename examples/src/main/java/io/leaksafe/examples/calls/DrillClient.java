package io.leaksafe.examples.calls;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Priority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;

/**
 * Sends webhooks over connections that are kept alive, one per sender.
 *
 * <p>Why not the JDK's own client: on 17 it cannot be closed, and its selector thread ends only some time after it was
 * collected. This one has no thread, and is gone once it is closed.
 */
final class DrillClient {

  private final CloseableHttpClient http;
  private final String url;

  DrillClient(Scope owner, int port, int connections) {
    http = HttpClients.custom()
        .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
            .setMaxConnPerRoute(connections)
            .setMaxConnTotal(connections)
            .build())
        .disableAutomaticRetries() // every answer counts once
        .disableCookieManagement()
        .build();
    owner.register("http client", http, CloseableHttpClient::close).priority(Priority.LATE);
    url = "http://127.0.0.1:" + port;
  }

  /** A status and a body. */
  record Reply(int status, String body) {}

  Reply post(String path, String body) throws IOException {
    HttpPost request = new HttpPost(url + path);
    request.setEntity(
        new StringEntity(body, ContentType.APPLICATION_JSON.withCharset(StandardCharsets.UTF_8)));
    return send(request);
  }

  Reply get(String path) throws IOException {
    return send(new HttpGet(url + path));
  }

  private Reply send(ClassicHttpRequest request) throws IOException {
    return http.execute(
        request, answer -> new Reply(answer.getCode(), EntityUtils.toString(answer.getEntity())));
  }
}
