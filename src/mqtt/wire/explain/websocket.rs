//! Explains websocket failures, from the upgrade to the close.

use std::io;

use crate::mqtt::endpoint::Endpoint;
use crate::mqtt::failure::{Cause, Failure, Hint, WebsocketCause};
use crate::mqtt::options::{Protocol, without_query};
use crate::mqtt::step::Step;
use crate::mqtt::wire::explain::closed_by_peer;
use crate::mqtt::wire::http::{Head, NoHead};
use crate::mqtt::wire::websocket::FrameError;

/// How much of a redirection's address is shown, in characters.
const REDIRECT_CHARS_MAX: usize = 200;

pub(in crate::mqtt::wire) fn websocket_without_head(step: Step, why: &NoHead, protocol: Protocol) -> Failure {
    let no_websocket = Hint::MayBeMqtt(if protocol.has_tls() { Protocol::Mqtts } else { Protocol::Mqtt });
    match why {
        NoHead::Closed => Failure::new(step, WebsocketCause::Closed, no_websocket),
        NoHead::Io(error) if closed_by_peer(error) => {
            Failure::new(step, WebsocketCause::Closed, no_websocket)
        }
        NoHead::Io(error) => Failure::new(step, Cause::from(error), no_websocket),
        NoHead::Tls => Failure::new(step, WebsocketCause::Tls, Hint::UseWssOrPlain),
        NoHead::NotHttp => Failure::new(step, WebsocketCause::NotHttp, no_websocket),
        NoHead::TooLong => Failure::new(step, WebsocketCause::Endless, Hint::ServerBroken),
    }
}

/// Explains a web server's answer with a status other than 101.
pub(in crate::mqtt::wire) fn websocket_status(step: Step, head: &Head, protocol: Protocol) -> Failure {
    let status = head.status.clone();
    let (cause, hint) = match status.code {
        200..300 => (WebsocketCause::Page(status), Hint::UsualPaths),
        300..400 => {
            let to = head.header("Location").map(without_query);
            let to = to.map(|to| to.chars().take(REDIRECT_CHARS_MAX).collect::<String>());
            let is_https = to.as_ref().is_some_and(|to| to.starts_with("https:"));
            let hint = if is_https && !protocol.has_tls() { Hint::UseWss } else { Hint::FollowRedirect };
            (WebsocketCause::Redirect { to, status }, hint)
        }
        401 | 403 => (WebsocketCause::NotLetIn(status), Hint::HeaderOrPath),
        404 | 405 | 410 => (WebsocketCause::NoWebsocket(status), Hint::CheckPath),
        400 | 426 => {
            let hint =
                if protocol.has_tls() { Hint::PathAndSubprotocol } else { Hint::PathAndSubprotocolOrWss };
            (WebsocketCause::UpgradeRefused(status), hint)
        }
        500.. => (WebsocketCause::ServerFailed(status), Hint::BrokerBehind),
        _ => (WebsocketCause::NoUpgrade(status), Hint::HostPortPath),
    };
    Failure::new(step, cause, hint)
}

/// Whether the other side closed an open websocket and gave a reason.
pub(in crate::mqtt) fn is_websocket_close(error: &io::Error) -> bool {
    let error = error.get_ref().and_then(|error| error.downcast_ref());
    matches!(error, Some(FrameError::Closed { .. }))
}

/// Explains an error in the frames of an open websocket; `None` if it is another error.
pub(in crate::mqtt::wire) fn websocket_frame(error: &io::Error, endpoint: &Endpoint) -> Option<Failure> {
    let error: &FrameError = error.get_ref()?.downcast_ref()?;
    let (cause, hint) = match error {
        FrameError::Text => (WebsocketCause::TextFrame, Hint::OtherService),
        FrameError::Closed { code, reason } => {
            (WebsocketCause::ClosedByBroker { code: *code, reason: reason.clone() }, Hint::BrokerLog)
        }
        FrameError::Broken(fault) => (WebsocketCause::Frame(*fault), Hint::Broken),
    };
    Some(Failure::new(Step::WebsocketConnection(endpoint.clone()), cause, hint))
}
