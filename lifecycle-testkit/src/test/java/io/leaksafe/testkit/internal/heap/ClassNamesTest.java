package io.leaksafe.testkit.internal.heap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassNamesTest {

  @ParameterizedTest
  @CsvSource({
    "java.lang.String, java.lang.String",
    "[B, byte[]",
    "[[J, long[][]",
    "[Ljava.lang.String;, java.lang.String[]",
    "java.lang.String[], java.lang.String[]",
    "com.acme.Orders$$Lambda/0x0000000800c03000, com.acme.Orders$$Lambda",
    "com.acme.Orders$$Lambda$14/0x0000000800c03000, com.acme.Orders$$Lambda",
    "com.acme.Orders$$Lambda+0x0000000800c03000, com.acme.Orders$$Lambda",
    "java.lang.invoke.LambdaForm$MH/0x00007f0001, java.lang.invoke.LambdaForm$MH",
    "jdk.internal.reflect.GeneratedMethodAccessor17, jdk.internal.reflect.GeneratedMethodAccessor",
    "com.acme.Type2, com.acme.Type2",
    "com.acme.Order$1, com.acme.Order$1",
  })
  void plain_anyName_isThatOfAllItsKin(String name, String plain) {
    assertThat(ClassNames.plain(name)).isEqualTo(plain);
  }

  @Test
  void brief_fieldOfAClass_hasNoPackage() {
    assertThat(ClassNames.brief("java.util.HashMap$Node.next")).isEqualTo("HashMap$Node.next");
    assertThat(ClassNames.brief("java.lang.Object[]")).isEqualTo("Object[]");
    assertThat(ClassNames.brief("byte[]")).isEqualTo("byte[]");
  }
}
