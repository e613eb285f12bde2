package io.leaksafe.examples.calls;

import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as this service reads and writes it: strict in, and out in the order of declaration. */
final class Json {

  private static final JsonMapper MAPPER = JsonMapper.builder()
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
      .build();

  private Json() {}

  /** Reads one document; throws a {@code JacksonException} if there is none, or more than one. */
  static JsonNode read(byte[] document) {
    return MAPPER.readTree(document);
  }

  /** As {@link #read(byte[])}. */
  static JsonNode read(String document) {
    return MAPPER.readTree(document);
  }

  /** Writes a record or map on one line. */
  static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }
}
