//! How a connection behaves while the broker is silent, on a clock that stands still until nothing else can happen.

use std::future::pending;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

use crate::message::QoS;
use crate::mqtt::link::connection::Connection;
use crate::mqtt::link::io::Io;
use crate::mqtt::link::keep_alive::now;
use crate::mqtt::link::trouble::Trouble;
use crate::mqtt::link::{Accept, Event, Exchange, Memory, Received, Request, ServerProperties};
use crate::mqtt::options::{ConnectOptions, MqttVersion};
use crate::mqtt::publish::Publish;

const PINGREQ: &[u8] = b"\xc0\x00";
const PINGRESP: &[u8] = b"\xd0\x00";

/// Makes at most one request and remembers what it is told about silence, with the seconds since the beginning.
struct Owner {
    began: Instant,
    request: Option<Request>,
    told: Vec<(u64, Event)>,
    has_room: bool,
}

impl Owner {
    fn new(request: Option<Request>) -> Self {
        Self { began: now(), request, told: Vec::new(), has_room: true }
    }

    fn seconds(&self) -> u64 {
        now().duration_since(self.began).as_secs()
    }

    fn told(&self) -> Vec<(u64, &'static str)> {
        let name = |event: &Event| match event {
            Event::NotAnswering { .. } => "not answering",
            Event::Answering => "answering",
            _ => "something else",
        };
        self.told.iter().map(|(seconds, event)| (*seconds, name(event))).collect()
    }
}

impl Exchange for Owner {
    fn message(&mut self, _message: Received<'_>) {}

    fn event(&mut self, event: Event) {
        if !matches!(event, Event::Published { .. }) {
            self.told.push((self.seconds(), event));
        }
    }

    fn settle(&mut self, _idle: bool) -> bool {
        self.has_room
    }

    fn try_next(&mut self, _accept: Accept) -> Option<Request> {
        self.request.take()
    }

    async fn next(&mut self, _accept: Accept) -> Option<Request> {
        pending().await
    }
}

/// A connection after a positive CONNACK, with the broker's end of its stream.
fn connection(keep_alive_s: u16) -> (Connection, DuplexStream) {
    let (broker, client) = duplex(1 << 20);
    let options = ConnectOptions { keep_alive_s, ..ConnectOptions::default() };
    let server = ServerProperties::default();
    (Connection::new(Io::new(Box::new(client)), &options, MqttVersion::V5, &server), broker)
}

fn memory() -> Memory {
    let mut memory = Memory::default();
    memory.begin(MqttVersion::V5, None, false);
    memory
}

/// Runs the connection to its end.
async fn run(connection: &mut Connection, owner: &mut Owner) -> Trouble {
    let mut memory = memory();
    loop {
        if let Err(trouble) = connection.step(&mut memory, owner).await {
            return trouble;
        }
    }
}

fn publish() -> Request {
    let publish = Publish { topic: "t".to_owned(), qos: QoS::AtLeastOnce, ..Publish::default() };
    Request::Publish(1, publish)
}

#[tokio::test(flavor = "current_thread", start_paused = true)]
async fn a_broker_that_does_not_acknowledge_is_asked_after_5_s_named_after_10_and_left_after_20() {
    let (mut connection, mut broker) = connection(60);
    let mut owner = Owner::new(Some(publish()));
    let trouble = run(&mut connection, &mut owner).await;
    assert!(matches!(trouble, Trouble::Silent), "{trouble:?}");
    assert_eq!((owner.told(), owner.seconds()), (vec![(10, "not answering")], 20));
    drop(connection);
    let mut sent = Vec::new();
    broker.read_to_end(&mut sent).await.unwrap();
    assert!(sent.ends_with(PINGREQ), "{sent:x?}");
}

#[tokio::test(flavor = "current_thread", start_paused = true)]
async fn an_idle_broker_is_named_10_s_after_the_ping_and_left_after_20() {
    let (mut connection, _broker) = connection(60);
    let mut owner = Owner::new(None);
    let trouble = run(&mut connection, &mut owner).await;
    assert!(matches!(trouble, Trouble::Silent), "{trouble:?}");
    assert_eq!((owner.told(), owner.seconds()), (vec![(70, "not answering")], 80));
}

#[tokio::test(flavor = "current_thread", start_paused = true)]
async fn a_broker_that_answers_late_is_believed_again() {
    let (mut connection, mut broker) = connection(60);
    let mut owner = Owner::new(None);
    let late = async {
        tokio::time::sleep(Duration::from_secs(75)).await;
        broker.write_all(PINGRESP).await.unwrap();
        pending::<()>().await;
    };
    tokio::select! {
        trouble = run(&mut connection, &mut owner) => assert!(matches!(trouble, Trouble::Silent)),
        () = late => {}
    }
    let told = [(70, "not answering"), (75, "answering"), (130, "not answering")];
    assert_eq!((owner.told(), owner.seconds()), (told.to_vec(), 140));
}

#[tokio::test(flavor = "current_thread", start_paused = true)]
async fn a_broker_is_not_blamed_while_nobody_takes_what_it_sends() {
    let (mut connection, mut broker) = connection(60);
    let mut owner = Owner::new(Some(publish()));
    owner.has_room = false;
    broker.write_all(PINGRESP).await.unwrap();
    let hour = tokio::time::sleep(Duration::from_hours(1));
    tokio::select! {
        trouble = run(&mut connection, &mut owner) => panic!("{trouble:?}"),
        () = hour => {}
    }
    assert_eq!(owner.told(), []);
}
