package io.leaksafe.hitratios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TraceFormatTest {

  @Test
  void arc_aLine_isAnAccessToEachOfItsBlocks() throws IOException {
    assertThat(keys(TraceFormat.ARC, "7 3 0 0\n20 1 0 1\n\n7 1 0 2\n"))
        .containsExactly(7, 8, 9, 20, 7);
  }

  @Test
  void arc_lineWithoutCount_saysWhichLine() {
    assertThatThrownBy(() -> keys(TraceFormat.ARC, "7 3 0 0\n8\n"))
        .hasMessage("line 2 must begin with the first block and the number of blocks, was '8'");
  }

  @Test
  void arc_negativeCount_isRefused() {
    assertThatThrownBy(() -> keys(TraceFormat.ARC, "7 -3 0 0\n"))
        .hasMessage("line 1 must begin with 0 to 1000000 blocks, was '7 -3 0 0'");
  }

  @Test
  void arc_wordInsteadOfNumber_isRefused() {
    assertThatThrownBy(() -> keys(TraceFormat.ARC, "seven 3\n"))
        .hasMessage("line 1 must begin with a number, was 'seven 3'");
  }

  @Test
  void lirs_starsAndEmptyLines_areNoAccesses() throws IOException {
    assertThat(keys(TraceFormat.LIRS, "5\r\n*\r\n\r\n6\n5")).containsExactly(5, 6, 5);
  }

  @Test
  void lirs_word_saysWhichLine() {
    assertThatThrownBy(() -> keys(TraceFormat.LIRS, "5\nsix\n"))
        .hasMessage("line 2 must begin with a number, was 'six'");
  }

  @Test
  void cache2k_isFourBytesBigEndianAndSigned() throws IOException {
    byte[] bytes =
        ByteBuffer.allocate(12).putInt(1).putInt(-2).putInt(0x01020304).array();

    assertThat(keys(TraceFormat.CACHE2K, bytes)).containsExactly(1, -2, 0x01020304);
  }

  @Test
  void corda_isEightBytesBigEndian() throws IOException {
    byte[] bytes = ByteBuffer.allocate(24)
        .putLong(1)
        .putLong(-2)
        .putLong(0x0102030405060708L)
        .array();

    assertThat(keys(TraceFormat.CORDA, bytes)).containsExactly(1, -2, 0x0102030405060708L);
  }

  @Test
  void corda_endsWithinANumber_isRefused() {
    assertThatThrownBy(() -> keys(TraceFormat.CORDA, new byte[12]))
        .hasMessage("ends within an access; each takes 8 bytes");
  }

  private static long[] keys(TraceFormat format, String text) throws IOException {
    return keys(format, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static long[] keys(TraceFormat format, byte[] bytes) throws IOException {
    Trace.Builder builder = new Trace.Builder();
    format.read(new ByteArrayInputStream(bytes), builder);
    Trace trace = builder.build("t");
    return Arrays.stream(trace.accesses()).mapToLong(rank -> trace.key(rank)).toArray();
  }
}
