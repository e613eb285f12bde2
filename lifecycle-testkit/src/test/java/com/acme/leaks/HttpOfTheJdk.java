package com.acme.leaks;

import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/** HTTP of the JDK, by reflection: the module under test does not read these modules. */
final class HttpOfTheJdk {

  private HttpOfTheJdk() {}

  /** A started server; closing it stops it. */
  static AutoCloseable server() throws Exception {
    Class<?> type = Class.forName("com.sun.net.httpserver.HttpServer");
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Object server =
        type.getMethod("create", InetSocketAddress.class, int.class).invoke(null, address, 0);
    type.getMethod("start").invoke(server);
    return () -> type.getMethod("stop", int.class).invoke(server, 0);
  }

  static Object client() throws Exception {
    return Class.forName("java.net.http.HttpClient").getMethod("newHttpClient").invoke(null);
  }

  static void get(Object client, String url) throws Exception {
    Class<?> requests = Class.forName("java.net.http.HttpRequest");
    Class<?> handlers = Class.forName("java.net.http.HttpResponse$BodyHandler");
    Object builder = requests.getMethod("newBuilder", URI.class).invoke(null, URI.create(url));
    Object request =
        Class.forName("java.net.http.HttpRequest$Builder").getMethod("build").invoke(builder);
    Object handler = Class.forName("java.net.http.HttpResponse$BodyHandlers")
        .getMethod("ofString")
        .invoke(null);
    try {
      Class.forName("java.net.http.HttpClient")
          .getMethod("send", requests, handlers)
          .invoke(client, request, handler);
    } catch (InvocationTargetException failed) {
      throw new IllegalStateException(failed.getCause());
    }
  }
}
