//! Websockets, from the upgrade to their end.

use crate::mqtt::failure::{FrameFault, HttpStatus, WebsocketCause};
use crate::words::Language;
use crate::words::language::say;

pub(super) fn websocket(cause: &WebsocketCause, l: Language) -> String {
    let text = match cause {
        WebsocketCause::PathCharacter => {
            l.pick("the path has a character that a URL cannot have", "路径中有 URL 不允许的字符")
        }
        WebsocketCause::HeaderCharacter(name) => {
            return say!(
                l,
                "the header {name:?} has a character that no header can have",
                "请求头 {name:?} 中有不允许的字符"
            );
        }
        WebsocketCause::Closed => {
            l.pick("the connection was closed without an answer", "未收到应答，连接就已被关闭")
        }
        WebsocketCause::Tls => l.pick("the port speaks TLS", "该端口使用 TLS"),
        WebsocketCause::NotHttp => l.pick("the answer is not HTTP", "应答不是 HTTP"),
        WebsocketCause::Endless => l.pick("the answer does not end", "应答始终没有结束"),
        WebsocketCause::NotSwitched => {
            l.pick("the answer does not switch to a websocket", "应答没有切换到 WebSocket")
        }
        WebsocketCause::WrongAccept => l.pick(
            "the answer is not to this request: Sec-WebSocket-Accept is wrong",
            "应答不是针对此请求的：Sec-WebSocket-Accept 错误",
        ),
        WebsocketCause::Extension => l.pick(
            "the server uses a websocket extension that was not asked for",
            "服务器使用了未经请求的 WebSocket 扩展",
        ),
        WebsocketCause::Subprotocol { chosen, asked } => {
            return say!(
                l,
                "the broker speaks the sub-protocol {chosen}, and {asked} was asked for",
                "服务器使用子协议 {chosen}，而请求的是 {asked}"
            );
        }
        WebsocketCause::TextFrame => l.pick(
            "the broker sent a text frame, and MQTT needs binary ones",
            "服务器发送了文本帧，而 MQTT 需要二进制帧",
        ),
        WebsocketCause::Frame(fault) => {
            let fault = frame(*fault, l);
            return say!(
                l,
                "the broker sent a websocket frame that breaks the protocol: {fault}",
                "服务器发送了违反协议的 WebSocket 帧：{fault}"
            );
        }
        WebsocketCause::ClosedByBroker { code, reason } => return closed(*code, reason, l),
        WebsocketCause::Page(status) => {
            return answered(l.pick("answers with a page", "返回了网页"), status, l);
        }
        WebsocketCause::Redirect { to, status } => {
            let to = to.as_deref().unwrap_or(l.pick("another address", "另一个地址"));
            return answered(&say!(l, "redirects to {to}", "重定向到 {to}"), status, l);
        }
        WebsocketCause::NotLetIn(status) => {
            return answered(l.pick("does not let this client in", "不允许此客户端访问"), status, l);
        }
        WebsocketCause::NoWebsocket(status) => {
            let knows_none = l.pick("knows no websocket under that path", "在该路径下没有 WebSocket");
            return answered(knows_none, status, l);
        }
        WebsocketCause::UpgradeRefused(status) => {
            return answered(l.pick("does not accept the upgrade", "不接受升级"), status, l);
        }
        WebsocketCause::ServerFailed(status) => return answered(l.pick("failed", "出错"), status, l),
        WebsocketCause::NoUpgrade(status) => {
            return answered(l.pick("does not upgrade", "没有升级"), status, l);
        }
    };
    text.to_owned()
}

/// What a web server did instead of upgrading.
fn answered(did: &str, status: &HttpStatus, l: Language) -> String {
    say!(l, "the web server {did} ({status})", "Web 服务器{did}（{status}）")
}

fn frame(fault: FrameFault, l: Language) -> &'static str {
    match fault {
        FrameFault::Kind => l.pick("an unknown kind of frame", "未知的帧类型"),
        FrameFault::ReservedBit => l.pick("a reserved bit is set", "设置了保留位"),
        FrameFault::Masked => {
            l.pick("it is masked, as only clients do", "它带有掩码，而只有客户端才使用掩码")
        }
        FrameFault::Control => l.pick("a control frame is too long or fragmented", "控制帧过长或被分片"),
        FrameFault::Order => l.pick("its parts are out of order", "分片的顺序有误"),
        FrameFault::Length => l.pick("its length is impossible", "帧的长度无效"),
    }
}

/// A close with its status (RFC 6455, 7.4.1).
fn closed(code: u16, reason: &str, l: Language) -> String {
    let meaning = match code {
        1000 => l.pick("normal closure", "正常关闭"),
        1001 => l.pick("it is going away", "服务器即将下线"),
        1002 => l.pick("protocol error", "协议错误"),
        1003 => l.pick("it cannot accept such data", "无法接受此类数据"),
        1007 => l.pick("invalid data", "数据无效"),
        1008 => l.pick("policy violation", "违反策略"),
        1009 => l.pick("a message is too big", "消息过大"),
        1010 => l.pick("an extension is missing", "缺少扩展"),
        1011 => l.pick("internal error", "内部错误"),
        1012 => l.pick("it is restarting", "服务器正在重启"),
        1013 => l.pick("try again later", "稍后重试"),
        _ => l.pick("another reason", "其他原因"),
    };
    let closed = say!(
        l,
        "the broker closed the websocket: {meaning} ({code})",
        "服务器关闭了 WebSocket：{meaning}（{code}）"
    );
    match reason {
        "" => closed,
        reason => say!(l, "{closed}, {reason}", "{closed}，{reason}"),
    }
}
