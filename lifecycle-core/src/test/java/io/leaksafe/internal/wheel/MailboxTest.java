package io.leaksafe.internal.wheel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MailboxTest {

  private final Mailbox box = new Mailbox.Apart();

  private static Mail mail() {
    Mail mail = new Mail(2);
    mail.add(7, new Item("cancelled", null));
    return mail;
  }

  @Test
  void put_ofSeveral_saysHowManyThereAre() {
    assertThat(box.isEmpty()).isTrue();
    assertThat(box.put(mail())).isOne();
    assertThat(box.put(mail())).isEqualTo(2);
    assertThat(box.put(mail())).isEqualTo(3);
    assertThat(box.isEmpty()).isFalse();
  }

  @Test
  void takeAll_ofSeveral_isTheNewestFirst() {
    Mail first = mail();
    Mail second = mail();
    box.put(first);
    box.put(second);
    assertThat(box.takeAll()).isSameAs(second);
    assertThat(second.next).isSameAs(first);
    assertThat(first.next).isNull();
    assertThat(box.isEmpty()).isTrue();
    assertThat(box.takeAll()).isNull();
  }

  @Test
  void put_afterTakeAll_countsFromOne() {
    box.put(mail());
    box.put(mail());
    box.takeAll();
    assertThat(box.put(mail())).isOne();
  }

  @Test
  void mail_withAsManyAsItHasRoomFor_isFull() {
    Mail mail = mail();
    assertThat(mail.isFull()).isFalse();
    mail.add(8, new Item("cancelled", null));
    assertThat(mail.isFull()).isTrue();
    assertThat(mail.slots).containsExactly(7, 8);
  }
}
