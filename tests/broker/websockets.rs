//! MQTT over websockets, plain and with TLS, with mosquitto; and the answers of web servers that have none.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use mqttree::mqtt::options::{
    ConnectOptions, MqttVersion, Protocol, Secrets, VersionChoice, WebsocketOptions,
};
use mqttree::mqtt::step::{StepOutcome, Warning};
use mqttree::mqtt::wire;
use mqttree::session::status::ConnectionState;
use mqttree::words::Told;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tungstenite::WebSocket;
use tungstenite::protocol::CloseFrame;
use tungstenite::protocol::frame::coding::CloseCode;

use crate::harness::packets::connack;
use crate::harness::{
    Authority, Broker, FakeServer, Setup, Watched, dialled, free_port, mosquitto_pub, options, run,
};
use crate::rude::quiet;

/// A broker with a separate port for websockets.
fn broker() -> (Broker, u16) {
    let port = free_port();
    let listeners = format!("listener {port} 127.0.0.1\nprotocol websockets\n");
    (Broker::with(&Setup { listeners, ..Setup::default() }), port)
}

fn websocket(protocol: Protocol, port: u16) -> ConnectOptions {
    ConnectOptions { protocol, ..options(port, MqttVersion::V3_1_1) }
}

fn failure(options: &ConnectOptions) -> Told {
    dialled(options, &Secrets::default()).failure()
}

#[test]
fn a_websocket_leads_to_the_broker() {
    let (_broker, port) = broker();
    let dialled = dialled(&websocket(Protocol::Ws, port), &Secrets::default());
    assert!(dialled.result.is_ok(), "{:#?}", dialled.steps);
    let details = dialled.details(&format!("Websocket upgrade at ws://127.0.0.1:{port}/mqtt"));
    assert!(details.starts_with("101 Switching Protocols\n"), "{details}");
    assert!(details.contains("Sec-WebSocket-Protocol: mqtt"), "{details}");
}

#[test]
fn a_websocket_over_tls_leads_to_the_broker_and_is_checked() {
    let authority = Authority::new("the authority of the tests");
    let server = authority.issue("server", &["127.0.0.1"]);
    let port = free_port();
    let listeners = format!(
        "listener {port} 127.0.0.1\nprotocol websockets\ncertfile {}\nkeyfile {}\n",
        server.certificate.display(),
        server.key.display()
    );
    let broker = Broker::with(&Setup { listeners, ..Setup::default() });
    let trusting = ConnectOptions { ca_certificate: Some(authority.ca()), ..websocket(Protocol::Wss, port) };
    let dialled = dialled(&trusting, &Secrets::default());
    assert!(dialled.tls().verified, "{:#?}", dialled.steps);
    for version in MqttVersion::ALL {
        let session = Watched::connected(ConnectOptions { version: version.into(), ..trusting.clone() });
        mosquitto_pub(broker.port, &["-t", "over", "-m", version.name()]);
        session.wait_for_payload("over", version.name().as_bytes());
    }
    let failure = failure(&websocket(Protocol::Wss, port));
    assert!(failure.why.contains("not trusted here"), "{failure:?}");
}

#[test]
fn a_session_runs_over_a_websocket_in_every_version() {
    let (broker, port) = broker();
    for version in MqttVersion::ALL {
        let session = Watched::connected(ConnectOptions { protocol: Protocol::Ws, ..options(port, version) });
        mosquitto_pub(broker.port, &["-t", "over", "-m", version.name()]);
        session.wait_for_payload("over", version.name().as_bytes());
    }
}

#[test]
fn a_message_larger_than_a_frame_of_ours_comes_back_whole() {
    // mosquitto reads 4 KiB ten times a second from a websocket.
    const BYTES: usize = 100 * 1024;
    let (_broker, port) = broker();
    run(async {
        let options = websocket(Protocol::Ws, port);
        let wire = wire::dial(&options, &Secrets::default(), &mut |_| ()).await.unwrap();
        let (mut reader, mut writer) = tokio::io::split(wire.stream);
        writer.write_all(b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x00\x00\x00").await.unwrap();
        writer.write_all(b"\x82\x06\x00\x01\x00\x01a\x00").await.unwrap();
        writer.flush().await.unwrap();
        let mut answers = [0; 9];
        reader.read_exact(&mut answers).await.unwrap();
        assert_eq!(answers, *b"\x20\x02\x00\x00\x90\x03\x00\x01\x00");

        let mut publish = vec![0x30];
        let mut remaining = 3 + BYTES;
        while remaining > 0 {
            publish.push((remaining % 128) as u8 | if remaining >= 128 { 0x80 } else { 0 });
            remaining /= 128;
        }
        publish.extend(b"\x00\x01a");
        publish.extend((0..BYTES).map(|index| (index / 251) as u8));
        let sending = async {
            writer.write_all(&publish).await.unwrap();
            writer.flush().await.unwrap();
        };
        let mut received = vec![0; publish.len()];
        let ((), result) = tokio::join!(sending, reader.read_exact(&mut received));
        result.unwrap();
        assert!(received == publish, "it is not what was sent");
    });
}

#[test]
fn a_frame_larger_than_other_clients_take_comes_through_whole() {
    const BYTES: u64 = 40 * 1024 * 1024; // others end at 16 MiB
    let server = serving("Sec-WebSocket-Protocol: mqtt\r\n", |client| {
        client.write_all(&[0x82, 127]).unwrap();
        client.write_all(&BYTES.to_be_bytes()).unwrap();
        for part in 0..BYTES / 65_536 {
            client.write_all(&vec![part as u8; 65_536]).unwrap();
        }
    });
    run(async {
        let options = websocket(Protocol::Ws, server.port);
        let mut wire = wire::dial(&options, &Secrets::default(), &mut |_| ()).await.unwrap();
        let mut part = vec![0; 65_536];
        for number in 0..BYTES / 65_536 {
            wire.stream.read_exact(&mut part).await.unwrap();
            assert!(part.iter().all(|byte| *byte == number as u8), "part {number}");
        }
    });
}

#[test]
fn plain_mqtt_and_tls_are_told_apart_from_a_websocket() {
    let broker = Broker::start();
    let plain = failure(&websocket(Protocol::Ws, broker.port));
    assert_eq!(plain.why, "the connection was closed without an answer");
    assert!(plain.hint.contains("choose the protocol mqtt,"), "{plain:?}");

    let authority = Authority::new("the authority of the tests");
    let server = authority.issue("server", &["127.0.0.1"]);
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let tls = Some((read(&server.certificate), read(&server.key)));
    let secured = Broker::with(&Setup { tls, ..Setup::default() });
    let to_tls = failure(&websocket(Protocol::Ws, secured.port));
    assert!(to_tls.what.starts_with("Websocket upgrade at ws://127.0.0.1"), "{to_tls:?}");
    // OpenSSL silently closes such a connection.
    assert_eq!(to_tls.why, "the connection was closed without an answer");
}

/// A web server that gives every request this answer.
fn web_server(answer: &'static str) -> FakeServer {
    FakeServer::start(move |client| {
        if read_request(client).is_some() {
            client.write_all(answer.as_bytes()).ok();
        }
    })
}

fn read_request(client: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    let mut byte = [0; 1];
    while !request.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte).ok()?;
        request.extend(byte);
    }
    String::from_utf8(request).ok()
}

#[test]
fn a_web_server_without_a_websocket_is_explained_by_its_status() {
    for (answer, why, help) in [
        (
            "HTTP/1.1 404 Not Found\r\n\r\n",
            "the web server knows no websocket under that path (404 Not Found)",
            "Check the path",
        ),
        (
            "HTTP/1.1 301 Moved Permanently\r\nLocation: https://h.test/mqtt?key=hunter2\r\n\r\n",
            "the web server redirects to https://h.test/mqtt?… (301 Moved Permanently)",
            "wss",
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
            "the web server answers with a page (200 OK)",
            "/mqtt, /ws or /",
        ),
        (
            "HTTP/1.1 401 Unauthorized\r\n\r\n",
            "the web server does not let this client in (401 Unauthorized)",
            "Authorization",
        ),
        (
            "HTTP/1.1 400 Bad Request\r\n\r\nThe plain HTTP request was sent to HTTPS port",
            "the web server does not accept the upgrade (400 Bad Request)",
            "wss",
        ),
        ("HTTP/1.1 502 Bad Gateway\r\n\r\n", "the web server failed (502 Bad Gateway)", "may be down"),
        ("\x20\x02\x00\x00", "the answer is not HTTP", "plain MQTT"),
        ("\x15\x03\x03\x00\x02\x02\x28", "the port speaks TLS", "wss"),
    ] {
        let failure = failure(&websocket(Protocol::Ws, web_server(answer).port));
        assert_eq!(failure.why, why);
        assert!(failure.hint.contains(help), "{failure:?}");
        assert!(!format!("{failure:?}").contains("hunter2"), "{failure:?}");
    }
}

#[test]
fn headers_path_and_sub_protocol_are_sent_and_no_secret_is_shown() {
    let (sender, requests) = std::sync::mpsc::sync_channel(1);
    let server = FakeServer::start(move |client| {
        sender.send(read_request(client).unwrap()).unwrap();
        client.write_all(b"HTTP/1.1 404 Not Found\r\nSet-Cookie: hunter2\r\n\r\n").ok();
    });
    let websocket = WebsocketOptions {
        path: "/b?token=hunter2".to_owned(),
        headers: vec![
            ("Authorization".to_owned(), "Bearer hunter2".to_owned()),
            ("X-Tenant".to_owned(), "blue".to_owned()),
        ],
        subprotocol: "mqttv3.1".to_owned(),
    };
    let options =
        ConnectOptions { protocol: Protocol::Ws, websocket, ..options(server.port, MqttVersion::V5) };
    let dialled = dialled(&options, &Secrets::default());
    let request = requests.recv().unwrap();
    assert!(request.starts_with("GET /b?token=hunter2 HTTP/1.1\r\n"), "{request}");
    for line in ["Authorization: Bearer hunter2", "X-Tenant: blue", "Sec-WebSocket-Protocol: mqttv3.1"] {
        assert!(request.contains(&format!("\r\n{line}\r\n")), "{request}");
    }
    assert!(!format!("{:?}", dialled.steps).contains("hunter2"), "{:#?}", dialled.steps);
    let details = dialled.details("Websocket upgrade");
    assert!(details.contains("sent X-Tenant: blue") && details.contains("Set-Cookie: (hidden)"), "{details}");
}

/// A websocket server that upgrades with this sub-protocol header and then sends these bytes.
fn upgrading(subprotocol: &'static str, then: &'static [u8]) -> FakeServer {
    serving(subprotocol, move |client| {
        client.write_all(then).ok();
    })
}

/// A websocket server that upgrades with this sub-protocol header, calls `then`, and waits for the end.
fn serving(subprotocol: &'static str, then: impl Fn(&mut TcpStream) + Clone + Send + 'static) -> FakeServer {
    FakeServer::start(move |client| {
        let request = read_request(client).unwrap();
        let key = request.split("Sec-WebSocket-Key: ").nth(1).unwrap().split("\r\n").next().unwrap();
        let accept = tungstenite::handshake::derive_accept_key(key.as_bytes());
        let head = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n{subprotocol}\r\n"
        );
        client.write_all(head.as_bytes()).unwrap();
        then(client);
        client.read_to_end(&mut Vec::new()).ok();
    })
}

#[test]
fn a_missing_or_another_sub_protocol_is_said() {
    let server = upgrading("", b"\x82\x04\x20\x02\x00\x00");
    let dialled = dialled(&websocket(Protocol::Ws, server.port), &Secrets::default());
    assert!(dialled.result.is_ok(), "{:#?}", dialled.steps);
    let step = dialled.steps.last().unwrap();
    assert!(
        matches!(&step.outcome, StepOutcome::Warning(Warning::SubprotocolUnconfirmed(asked)) if asked == "mqtt"),
        "{step:?}"
    );

    let server = upgrading("Sec-WebSocket-Protocol: chat\r\n", b"");
    let failure = failure(&websocket(Protocol::Ws, server.port));
    assert_eq!(failure.why, "the broker speaks the sub-protocol chat, and mqtt was asked for");
}

#[test]
fn text_and_a_close_with_a_reason_are_said_in_words() {
    let protocol = "Sec-WebSocket-Protocol: mqtt\r\n";
    let text = failure(&websocket(Protocol::Ws, upgrading(protocol, b"\x81\x02hi").port));
    assert_eq!(text.why, "the broker sent a text frame, and MQTT needs binary ones");
    let closed = failure(&websocket(Protocol::Ws, upgrading(protocol, b"\x88\x07\x03\xf0full!").port));
    assert_eq!(closed.why, "the broker closed the websocket: policy violation (1008), full!");
}

#[test]
fn a_server_that_says_nothing_ends_after_the_timeout() {
    let mut options = websocket(Protocol::Ws, FakeServer::silent().port);
    options.network.connect_timeout_s = 1;
    let failure = failure(&options);
    assert!(failure.what.starts_with("Websocket upgrade at"), "{failure:?}");
    assert_eq!(failure.why, "no answer within 1 s");
}

/// A websocket server that calls `to_5` after a CONNECT of MQTT 5, and speaks 3.1.1.
fn speaking_3_1_1(to_5: impl Fn(&mut WebSocket<&mut TcpStream>) + Clone + Send + 'static) -> FakeServer {
    FakeServer::start(move |client| {
        let mut websocket = tungstenite::accept(client).unwrap();
        let Ok(connect) = websocket.read() else { return };
        if connect.into_data()[8] == 5 {
            to_5(&mut websocket);
        } else {
            websocket.send(connack(MqttVersion::V3_1_1).into()).unwrap();
            while websocket.read().is_ok() {}
        }
    })
}

#[test]
fn auto_falls_back_to_3_1_1_when_a_websocket_closes() {
    let code = |code| Some(CloseFrame { code, reason: "no".into() });
    let farewells = [None, code(CloseCode::Normal), code(CloseCode::Protocol)];
    let closing = farewells.map(|farewell| {
        speaking_3_1_1(move |websocket| {
            websocket.close(farewell.clone()).unwrap();
            while websocket.read().is_ok() {}
        })
    });
    let vanishing = speaking_3_1_1(|_| ());
    for server in closing.into_iter().chain([vanishing]) {
        let options = quiet(server.port, VersionChoice::Auto);
        let session = Watched::open(ConnectOptions { protocol: Protocol::Ws, ..options });
        session.wait("connected", |status| {
            matches!(status.state, ConnectionState::Connected { version: MqttVersion::V3_1_1, .. })
        });
    }
}
