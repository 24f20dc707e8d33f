//! `mqttree sub`: prints what arrives, like mosquitto_sub, using the same session as the window.

mod args;
mod printer;

use std::collections::HashSet;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use crossbeam_channel::{Receiver, after, bounded, never, select};

use crate::cli::connected::Connected;
use crate::cli::report::Report;
use crate::cli::status;
pub(super) use crate::cli::subscribe::args::{SubscribeArgs, plan};
pub(super) use crate::cli::subscribe::printer::{End, PrintLayout, Printer, Printing};
use crate::cli::target::Target;
use crate::message::QoS;
use crate::mqtt::packet::Disconnect;
use crate::session::signals::Interruption;
use crate::session::status::{ConnectionState, Grant, PublishOutcome, Status, SubscriptionState};
use crate::session::{Goodbye, Publish};
use crate::words::cli::{News, NotPublished, Trouble};
use crate::words::{self, Language};

/// How long a thread of the session that failed may take to say why.
const CRASH_TOLD_WITHIN: Duration = Duration::from_secs(1);
/// How many retained messages are being deleted at once: fewer than answers are kept.
const REMOVALS_MAX: usize = 64;

/// What `mqttree sub` has to do.
#[derive(Debug)]
pub struct Plan {
    target: Target,
    printing: Printing,
    unsubscribe: Vec<String>,
    timeout_s: Option<u32>,
    exit_after_subscribe: bool,
    quiet: bool,
    debug: bool,
    unsubscribe_properties: Vec<(String, String)>,
    /// What DISCONNECT says.
    disconnect: Disconnect,
}

impl Plan {
    /// Runs until the requested end and returns the exit status.
    pub(super) fn run(self, out: impl Write + Send + 'static) -> u8 {
        let Self { target, printing, timeout_s, .. } = self;
        let report = Report { quiet: self.quiet };
        let removing = printing.remove_retained;
        let (end_sender, end) = bounded(1);
        let (removal_sender, removals) = bounded(REMOVALS_MAX);
        let printer = Printer::new(printing, out, end_sender, removal_sender);
        let url = target.profile.connect.url();
        let opened = target.secrets().and_then(|secrets| {
            let options = target.profile.connect;
            Connected::open(options, secrets, printer)
        });
        let connected = match opened {
            Ok(connected) => connected,
            Err(why) => return report.trouble(&Trouble::NotBegun { url, why }),
        };
        let mut run = Run {
            connected,
            report,
            unsubscribe: self.unsubscribe,
            unsubscribe_properties: self.unsubscribe_properties,
            disconnect: self.disconnect,
            exit_after_subscribe: self.exit_after_subscribe,
            removals: if removing { removals } else { never() },
            removing: HashSet::new(),
            connects: 0,
            lost: false,
            failed: 0,
            answered: false,
            debug: self.debug,
        };
        run.until_the_end(&end, timeout_s)
    }
}

/// A running subscription.
struct Run {
    connected: Connected,
    report: Report,
    unsubscribe: Vec<String>,
    unsubscribe_properties: Vec<(String, String)>,
    disconnect: Disconnect,
    exit_after_subscribe: bool,
    removals: Receiver<String>,
    /// Deletions not yet answered by the broker.
    removing: HashSet<u64>,
    /// The number of connections seen.
    connects: u32,
    lost: bool,
    /// How many failed attempts have been reported since the last connection.
    failed: u32,
    /// Whether all subscriptions of this connection were answered.
    answered: bool,
    /// Whether to report success too.
    debug: bool,
}

/// What to do after checking the status.
enum Next {
    Wait,
    Exit(u8),
}

impl Run {
    fn until_the_end(&mut self, end: &Receiver<End>, timeout_s: Option<u32>) -> u8 {
        let mut deadline = never();
        loop {
            // While there is no room for deletions no topic is taken, so the printer has to wait.
            let removals = if self.removing.len() < REMOVALS_MAX { self.removals.clone() } else { never() };
            select! {
                recv(self.connected.interrupted) -> end => return self.cut_short(end.unwrap_or(Interruption::Terminate), status::DONE),
                recv(end) -> end => return match end {
                    Ok(end) => self.ended(end),
                    Err(_) => self.broken_off(),
                },
                recv(removals) -> topic => {
                    if let Ok(topic) = topic { self.remove(topic); }
                }
                recv(deadline) -> _ => {
                    self.report.news(&News::TimeOver { seconds: timeout_s.unwrap_or_default() });
                    // mosquitto_sub ends by a signal then too, SIGALRM.
                    return self.cut_short(Interruption::Terminate, status::TIMEOUT);
                }
                recv(self.connected.woken) -> _ => {
                    let first = self.connects == 0;
                    if let Next::Exit(status) = self.look() {
                        return status;
                    }
                    if let (true, Some(seconds)) = (first && self.connects > 0, timeout_s) {
                        deadline = after(Duration::from_secs(u64::from(seconds)));
                    }
                }
            }
        }
    }

    /// Reports what changed.
    fn look(&mut self) -> Next {
        let status = self.connected.look();
        self.forget_answered(&status);
        if let Some(crash) = &status.crashed {
            return Next::Exit(self.report.trouble(&Trouble::Session(Some(crash.clone()))));
        }
        if status.connects > self.connects {
            self.begin(&status);
        }
        if status.state.is_connected() {
            return self.answers(&status);
        }
        if self.connects == 0 {
            if let Some(failure) = &status.failure {
                return Next::Exit(self.report.failure(failure));
            }
        } else {
            self.tell_of_loss(&status);
        }
        Next::Wait
    }

    /// Begins a connection that was not there at the last check.
    fn begin(&mut self, status: &Status) {
        if self.connects > 0 {
            self.report.news(&News::ConnectedAgain { url: self.connected.session.options().url() });
        } else if self.debug {
            self.report.news(&News::Connected { url: self.connected.session.options().url() });
        }
        (self.connects, self.lost, self.failed, self.answered) = (status.connects, false, 0, false);
        for filter in &self.unsubscribe {
            let properties = self.unsubscribe_properties.clone();
            if let Err(why) = self.connected.session.unsubscribe_with(filter, properties) {
                self.report.trouble(&Trouble::Unsubscribe { filter: filter.clone(), why });
            }
        }
    }

    /// Checks the broker's answers to the subscriptions, once all have arrived.
    fn answers(&mut self, status: &Status) -> Next {
        let asked: Vec<&SubscriptionState> =
            status.subscriptions.iter().filter(|state| state.wanted.enabled).collect();
        if self.answered || asked.iter().any(|state| state.grant == Grant::Pending) {
            return Next::Wait;
        }
        self.answered = true;
        if self.debug {
            for SubscriptionState { wanted, grant } in &asked {
                if let Grant::Granted(qos) = grant {
                    self.report.news(&News::Subscribed { filter: wanted.filter.clone(), qos: *qos });
                }
            }
        }
        let mut refused = 0;
        for SubscriptionState { wanted, grant } in &asked {
            if let Grant::Refused(why) = grant {
                refused += 1;
                let filter = wanted.filter.clone();
                self.report.trouble(&Trouble::Subscribe { filter, why: why.clone() });
            }
        }
        if refused > 0 && refused == asked.len() {
            Next::Exit(self.goodbye(status::FAILED))
        } else if self.exit_after_subscribe {
            let status = if refused > 0 { status::FAILED } else { status::DONE };
            Next::Exit(self.leave(Goodbye::default(), status))
        } else {
            Next::Wait
        }
    }

    fn tell_of_loss(&mut self, status: &Status) {
        let ConnectionState::Reconnecting { at, failed } = status.state else { return };
        if std::mem::replace(&mut self.lost, true) && failed == self.failed {
            return;
        }
        self.failed = failed;
        let seconds = at.saturating_duration_since(Instant::now()).as_secs_f64();
        if let Some(failure) = &status.failure {
            let failure = words::failure_line(failure, Language::English);
            self.report.news(&News::Lost { failure, seconds });
        }
    }

    /// Deletes a topic's retained message.
    fn remove(&mut self, topic: String) {
        let publish = Publish {
            topic,
            payload: Bytes::new(),
            qos: QoS::AtLeastOnce,
            retain: true,
            ..Publish::default()
        };
        let topic = publish.topic.clone();
        match self.connected.session.publish(publish) {
            Ok(token) => {
                self.removing.insert(token);
            }
            Err(why) => {
                self.report.trouble(&Trouble::Remove { topic, why: NotPublished::Declined(why) });
            }
        }
    }

    fn forget_answered(&mut self, status: &Arc<Status>) {
        if self.removing.is_empty() {
            return;
        }
        for result in &status.publishes {
            if self.removing.remove(&result.token)
                && let PublishOutcome::Refused(why) = &result.outcome
            {
                let (topic, why) = (result.topic.clone(), NotPublished::Refused(why.clone()));
                self.report.trouble(&Trouble::Remove { topic, why });
            }
        }
    }

    /// The printer is gone without reporting an end: a thread of the session has failed.
    fn broken_off(&self) -> u8 {
        let deadline = after(CRASH_TOLD_WITHIN);
        // The thread tells why once it has let go of everything.
        let crash = loop {
            if let Some(crash) = &self.connected.look().crashed {
                break Some(crash.clone());
            }
            select! {
                recv(self.connected.woken) -> _ => {}
                recv(deadline) -> _ => break None,
            }
        };
        self.report.trouble(&Trouble::Session(crash))
    }

    /// Handles the end of the printer.
    fn ended(&mut self, end: End) -> u8 {
        match end {
            End::Done => {
                let status = if self.finish_removals() { status::DONE } else { status::FAILED };
                self.goodbye(status)
            }
            End::Closed => self.goodbye(status::DONE),
            End::Failed(error) => {
                self.report.trouble(&Trouble::Output(error.into()));
                self.goodbye(status::FAILED)
            }
        }
    }

    /// Finishes the remaining deletions and waits for their answers; returns `false` if the connection ended first.
    fn finish_removals(&mut self) -> bool {
        loop {
            while self.removing.len() < REMOVALS_MAX
                && let Ok(topic) = self.removals.try_recv()
            {
                self.remove(topic);
            }
            if self.removing.is_empty() {
                return true;
            }
            select! {
                recv(self.connected.interrupted) -> _ => return true,
                recv(self.connected.woken) -> _ => {}
            }
            let status = self.connected.look();
            self.forget_answered(&status);
            if !status.state.is_connected() {
                self.report.news(&News::LostBeforeRemoved);
                return false;
            }
        }
    }

    /// Ends before what was asked for is done.
    fn cut_short(&self, end: Interruption, status: u8) -> u8 {
        self.unsubscribe_all();
        self.leave(self.connected.session.goodbye_at(end), status)
    }

    /// Unsubscribes, unless the broker is to keep the session for the next time, and disconnects.
    fn goodbye(&self, status: u8) -> u8 {
        self.unsubscribe_all();
        self.leave(Goodbye::default(), status)
    }

    fn unsubscribe_all(&self) {
        let session = &self.connected.session;
        if session.options().clean_session && session.status().state.is_connected() {
            for state in &session.status().subscriptions {
                // A full queue does not matter: the broker forgets the subscription with the session.
                let properties = self.unsubscribe_properties.clone();
                session.unsubscribe_with(&state.wanted.filter, properties).unwrap_or_default();
            }
        }
    }

    fn leave(&self, mut goodbye: Goodbye, status: u8) -> u8 {
        let reason = goodbye.disconnect.reason;
        goodbye.disconnect = Disconnect { reason, ..self.disconnect.clone() };
        self.connected.finish(goodbye);
        status
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read as _};
    use std::net::{TcpListener, TcpStream};

    use super::*;
    use crate::cli::{self, CliCommand};

    /// An output that panics its thread.
    struct Fatal;

    impl Write for Fatal {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            panic!("for the test")
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Reads a packet whose length field is one byte.
    fn read_packet(client: &mut TcpStream, packet: &mut [u8; 256]) -> io::Result<()> {
        client.read_exact(&mut packet[..2])?;
        let end = 2 + usize::from(packet[1]);
        client.read_exact(&mut packet[2..end])
    }

    /// Accepts an MQTT 3.1.1 connection and a subscription, and publishes `x` on `a`.
    fn serve(client: &mut TcpStream) -> io::Result<()> {
        let mut packet = [0; 256];
        read_packet(client, &mut packet)?;
        client.write_all(b"\x20\x02\0\0")?;
        read_packet(client, &mut packet)?;
        client.write_all(&[0x90, 3, packet[2], packet[3], 0])?;
        client.write_all(b"\x30\x04\0\x01ax")?;
        io::copy(client, &mut io::sink()).map(drop)
    }

    #[test]
    fn a_session_that_crashes_is_a_failure() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let broker = std::thread::Builder::new().name("broker".to_owned());
        let broker = broker.spawn(move || {
            // The client leaves without disconnecting, so the result does not matter.
            serve(&mut listener.accept().unwrap().0).ok();
        });
        let line = format!("mqttree sub -h 127.0.0.1 -p {port} -V 311 -t a --quiet");
        let Ok(CliCommand::Subscribe(plan)) = cli::command(line.split(' ').map(Into::into)) else {
            panic!("{line}")
        };
        assert_eq!(plan.run(Fatal), status::FAILED);
        broker.unwrap().join().unwrap();
    }
}
