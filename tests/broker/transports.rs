//! Ways to reach a broker below TLS and websockets: addresses, a local address, a socket file, and a dead end.

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use mqttree::mqtt::options::{ConnectOptions, MqttVersion, NetworkOptions, Protocol, Secrets};
use mqttree::mqtt::wire;
use tokio::net::{TcpListener, TcpSocket};
use tokio::time::Instant;

use crate::harness::{
    Broker, Setup, Watched, dialled, free_port, line, mosquitto_pub, options, run, told, until, what_of,
};

/// A port that neither accepts nor refuses connections, because its queue is full.
struct BlackHole {
    port: u16,
    _listener: TcpListener,
    _queue: Vec<TcpStream>,
}

impl BlackHole {
    /// Must be called within a runtime.
    fn dig() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let mut queue = Vec::new();
        while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(300)) {
            queue.push(stream);
            assert!(queue.len() < 100, "the system's queue has no end");
        }
        Self { port: address.port(), _listener: listener, _queue: queue }
    }
}

fn with_timeout(port: u16, seconds: u16) -> ConnectOptions {
    let network = NetworkOptions { connect_timeout_s: seconds, ..NetworkOptions::default() };
    ConnectOptions { network, ..options(port, MqttVersion::V3_1_1) }
}

#[test]
fn an_address_that_never_answers_ends_after_the_timeout() {
    run(async {
        let hole = BlackHole::dig();
        // From here on the clock advances only while every task is waiting.
        tokio::time::pause();
        let start = Instant::now();
        let mut steps = Vec::new();
        let options = with_timeout(hole.port, 1);
        let result = wire::dial(&options, &Secrets::default(), &mut |step| steps.push(step)).await;
        let failure = told(&result.err().unwrap());
        assert_eq!(line(&failure), format!("TCP connection to 127.0.0.1:{}: no answer", hole.port));
        assert!(failure.hint.contains("firewall"), "{failure:?}");
        assert_eq!(start.elapsed().as_secs(), 1);
        assert!(steps.len() == 1 && steps[0].is_failed(), "{steps:?}");
    });
}

#[test]
fn an_attempt_that_leads_nowhere_is_given_up_at_once_when_it_is_dropped() {
    run(async {
        let hole = BlackHole::dig();
        let options = with_timeout(hole.port, 60);
        tokio::time::pause();
        let start = Instant::now();
        let mut report = |_| ();
        let secrets = Secrets::default();
        tokio::select! {
            biased;
            _ = wire::dial(&options, &secrets, &mut report) => panic!("it is a black hole"),
            () = async { tokio::task::yield_now().await } => {}
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
    });
}

#[test]
fn every_address_of_a_name_is_tried_and_reported() {
    let port = free_port();
    let refused = dialled(
        &ConnectOptions { host: "localhost".to_owned(), ..options(port, MqttVersion::V5) },
        &Secrets::default(),
    );
    let failure = refused.failure();
    assert!(failure.what == format!("TCP connection to localhost:{port}"), "{failure:?}");
    assert!(failure.why.contains("connection refused") && failure.why.contains("127.0.0.1"), "{failure:?}");
    let addresses = refused.details("Name resolution of localhost");
    for address in addresses.lines() {
        let what = format!("TCP connection to {}", SocketAddr::new(address.parse().unwrap(), port));
        assert!(
            refused.steps.iter().any(|step| what_of(step) == what && step.is_failed()),
            "{:#?}",
            refused.steps
        );
    }
}

#[test]
fn a_local_address_is_used_or_refused_in_words() {
    let broker = Broker::start();
    let from = |address: &str| {
        let network = NetworkOptions { bind_address: address.to_owned(), ..NetworkOptions::default() };
        ConnectOptions { network, ..options(broker.port, MqttVersion::V3_1_1) }
    };
    let secrets = Secrets::default();
    let details = dialled(&from("127.0.0.7"), &secrets).details("TCP connection");
    assert!(details.starts_with("from 127.0.0.7:"), "{details}");
    let failure = dialled(&from("192.0.2.77"), &secrets).failure();
    assert_eq!(failure.why, "the address cannot be used from here");
    assert!(failure.hint.contains("local address"), "{failure:?}");
    assert!(dialled(&from("::1"), &secrets).failure().why.contains("the local address ::1 is IPv6"));
    assert!(dialled(&from("eth0"), &secrets).failure().why.contains("not an IP address"));
}

#[cfg(unix)]
#[test]
fn a_socket_file_leads_to_the_broker_or_says_why_not() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("broker.sock");
    let socket = |path: &std::path::Path| ConnectOptions {
        protocol: Protocol::Unix,
        host: path.display().to_string(),
        ..options(1, MqttVersion::V3_1_1)
    };
    let secrets = Secrets::default();
    assert_eq!(dialled(&socket(&path), &secrets).failure().why, "there is no such file");

    let broker =
        Broker::with(&Setup { listeners: format!("listener 0 {}\n", path.display()), ..Setup::default() });
    // The harness waits for the main port, and mosquitto opens this listener after it.
    until(
        || format!("the broker listens on {}", path.display()),
        || std::os::unix::net::UnixStream::connect(&path).is_ok(),
    );
    let dialled_socket = dialled(&socket(&path), &secrets);
    assert!(dialled_socket.result.is_ok(), "{:?}", dialled_socket.steps);
    assert_eq!(what_of(&dialled_socket.steps[0]), format!("Connection to the socket {}", path.display()));

    for version in MqttVersion::ALL {
        let session = Watched::connected(ConnectOptions { version: version.into(), ..socket(&path) });
        mosquitto_pub(broker.port, &["-t", "over", "-m", version.name()]);
        session.wait_for_payload("over", version.name().as_bytes());
    }

    let left_over = directory.path().join("left-over.sock");
    drop(std::os::unix::net::UnixListener::bind(&left_over).unwrap());
    assert_eq!(dialled(&socket(&left_over), &secrets).failure().why, "nothing listens on it");
}
