//! What went wrong with a websocket, from the upgrade to its end.

use std::io;

use crate::mqtt::failure::Failure;
use crate::mqtt::options::{Protocol, without_query};
use crate::mqtt::wire::explain::{closed_by_peer, io_words};
use crate::mqtt::wire::http::{Head, NoHead};
use crate::mqtt::wire::websocket::FrameError;

pub(in crate::mqtt::wire) fn websocket_timeout(what: &str, words: &str) -> Failure {
    let suggestion = "Check the port: a broker that expects plain MQTT there may wait without an answer.";
    Failure::new(what, words, suggestion)
}

pub(in crate::mqtt::wire) fn websocket_without_head(what: &str, why: &NoHead, protocol: Protocol) -> Failure {
    let plain = if protocol.has_tls() { "mqtts" } else { "mqtt" };
    let no_websocket = format!(
        "The port may speak plain MQTT: choose the protocol {plain}, or the broker's port for websockets."
    );
    match why {
        NoHead::Closed => Failure::new(what, "the connection was closed without an answer", no_websocket),
        NoHead::Io(error) if closed_by_peer(error) => {
            Failure::new(what, "the connection was closed without an answer", no_websocket)
        }
        NoHead::Io(error) => Failure::new(what, io_words(error), no_websocket),
        NoHead::Tls => {
            let suggestion = "Choose the protocol wss, or the port without TLS.";
            Failure::new(what, "the port speaks TLS", suggestion)
        }
        NoHead::NotHttp => Failure::new(what, "the answer is not HTTP", no_websocket),
        NoHead::TooLong => {
            Failure::new(what, "the answer does not end", "The server or something between is broken.")
        }
    }
}

/// A web server that answered with another status than 101.
pub(in crate::mqtt::wire) fn websocket_status(what: &str, head: &Head, protocol: Protocol) -> Failure {
    let status = head.status_line();
    let (why, suggestion) = match head.status {
        200..300 => (
            format!("the web server answers with a page ({status})"),
            "There is no websocket under that path: brokers often use /mqtt, /ws or /.".to_owned(),
        ),
        300..400 => {
            let to = head.header("Location").unwrap_or("another address");
            let to: String = without_query(to).chars().take(200).collect();
            let suggestion = if to.starts_with("https:") && !protocol.has_tls() {
                "Choose the protocol wss and its port (usually 443).".to_owned()
            } else {
                "Use that address: a redirection is not followed by itself.".to_owned()
            };
            (format!("the web server redirects to {to} ({status})"), suggestion)
        }
        401 | 403 => (
            format!("the web server does not let this client in ({status})"),
            "It may want a header, such as Authorization, or a path of its own.".to_owned(),
        ),
        404 | 405 | 410 => (
            format!("the web server knows no websocket under that path ({status})"),
            "Check the path: brokers often use /mqtt, /ws or /.".to_owned(),
        ),
        400 | 426 => (
            format!("the web server does not accept the upgrade ({status})"),
            if protocol.has_tls() {
                "Check the path and the sub-protocol.".to_owned()
            } else {
                "Check the path and the sub-protocol; if the port is one of HTTPS, choose the protocol wss."
                    .to_owned()
            },
        ),
        500.. => (
            format!("the web server failed ({status})"),
            "The broker behind it may be down. Its log may say more.".to_owned(),
        ),
        _ => (
            format!("the web server does not upgrade ({status})"),
            "Check the host, the port and the path.".to_owned(),
        ),
    };
    Failure::new(what, why, suggestion)
}

/// An error out of the frames of an open websocket; `None`: it is another error.
pub(in crate::mqtt::wire) fn websocket_frame(error: &io::Error, address: &str) -> Option<Failure> {
    let error: &FrameError = error.get_ref()?.downcast_ref()?;
    let suggestion = match error {
        FrameError::Text => "Check the path: another service may be there.",
        FrameError::Closed(_) => "The broker's log may say more.",
        FrameError::Broken(_) => "The broker or something between is broken.",
    };
    Some(Failure::new(format!("Websocket connection to {address}"), error.to_string(), suggestion))
}
