package io.leaksafe.examples.calls;

import static java.time.Duration.ofMinutes;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Priority;
import io.leaksafe.schedule.ManagedScheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalTime;

/**
 * The service, opened under one owner. It has no {@code stop()}: closing the owner is all there is.
 *
 * <p>What is opened here closes in this order, whatever fails on the way:
 *
 * <pre>
 *   FIRST   requests      new ones get a 503, those under way are answered
 *   FIRST   http          the server and its threads end
 *   EARLY   timers        a running flush or report is awaited
 *   NORMAL  calls, lines  finished and pending calls and held transfers are dropped
 *   NORMAL  final flush   nothing can come in any more, so it has all of it
 *   NORMAL  journal       what is in memory is dropped
 *   LATE    journal file  nothing can be written any more
 *   LAST    folder lock   another process may have the folder
 * </pre>
 */
final class CallService {

  private final CallDesk desk;
  private final HttpIntake http;

  /**
   * Opens everything. If that fails half-way, what was opened so far stays with the owner: close it, as
   * try-with-resources does.
   */
  CallService(Scope owner, Settings settings) {
    JournalFile file = journalFile(owner, settings.data());
    Journal journal = new Journal(owner, file::write, file.path(), file.takeNewest());
    owner.defer("final flush", journal::flush).priority(Priority.NORMAL);
    desk = new CallDesk(owner, settings.time(), journal);

    ManagedScheduler timers = ManagedScheduler.in(owner, "timers");
    timers.every("flush", settings.flushEvery(), journal::flush);
    timers.every("report", ofMinutes(10), desk::report);
    timers.daily("new day", LocalTime.MIDNIGHT, Statistics.ZONE, desk::newDay);

    http = new HttpIntake(owner, desk, new Health(owner, desk, settings.time()), settings.port());
  }

  private static JournalFile journalFile(Scope owner, Path folder) {
    try {
      DataFolder.claim(owner, folder);
      return new JournalFile(owner, folder, Journal.MAXIMUM);
    } catch (IOException e) {
      throw new CannotRun(
          "The journal cannot be opened in '" + folder + "': " + e.getClass().getSimpleName()
              + ". Choose a folder that can be written, with --data.",
          e);
    }
  }

  CallDesk desk() {
    return desk;
  }

  /** Where it listens. */
  int port() {
    return http.port();
  }
}
