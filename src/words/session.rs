//! What a session says of itself besides its log: why it declines requests, and how it broke.

use crate::mqtt::limits::SUBSCRIPTION_IDENTIFIER_MAX;
use crate::session::Declined;
use crate::session::connection_log::Crash;
use crate::words::Language::{self, Chinese, English};
use crate::words::{filter, format};

/// Why a session declined a request, as a clause.
pub fn declined(why: &Declined, language: Language) -> String {
    let text = match (why, language) {
        (Declined::Publish(why), language) => return filter::unpublishable(*why, language),
        (Declined::Filter(why), language) => return filter::invalid(*why, language),
        (Declined::Identifier, English) => {
            return format!(
                "a subscription identifier is a number from 1 to {}",
                format::count(u64::from(SUBSCRIPTION_IDENTIFIER_MAX))
            );
        }
        (Declined::Identifier, Chinese) => {
            return format!(
                "订阅标识符是 1 到 {} 之间的数字",
                format::count(u64::from(SUBSCRIPTION_IDENTIFIER_MAX))
            );
        }
        (Declined::NotConnected, English) => {
            "not connected to the broker; publish again once it is connected"
        }
        (Declined::NotConnected, Chinese) => "未连接到服务器；需在连接后重新发布",
        (Declined::Busy, English) => "too much is waiting to be sent; try again in a moment",
        (Declined::Busy, Chinese) => "等待发送的内容过多；可稍后重试",
        (Declined::Ended, English) => "the session has ended; connect again",
        (Declined::Ended, Chinese) => "会话已结束；需重新连接",
    };
    text.to_owned()
}

/// How a thread of a session failed, as a clause: `the mqtt-worker thread ended: out of memory`.
pub fn crash(crash: &Crash, language: Language) -> String {
    match (crash, language) {
        (Crash::Ended { thread, reason }, English) => {
            format!("the {thread} thread ended: {}", reason.as_deref().unwrap_or("it gave no reason"))
        }
        (Crash::Ended { thread, reason }, Chinese) => {
            format!("线程 {thread} 已终止：{}", reason.as_deref().unwrap_or("未给出原因"))
        }
        (Crash::NotStarted { thread, error }, English) => {
            format!("the {thread} thread could not be started: {error}")
        }
        (Crash::NotStarted { thread, error }, Chinese) => format!("无法启动线程 {thread}：{error}"),
    }
}
