//! What the connection doctor says: its steps, how they ended and what they found.

mod detail;
mod report;

pub use crate::words::doctor::report::report;
pub use crate::words::failure::{cause, hint, step};

use crate::mqtt::step::{SkipReason, TakenStep, Warning};
use crate::words::Language;
use crate::words::failure;
use crate::words::language::say;

/// What was found in a step, line by line.
pub fn details(taken: &TakenStep, l: Language) -> Vec<String> {
    taken.details.iter().flat_map(|detail| detail::lines(detail, l)).collect()
}

/// What is wrong with a step that worked.
pub fn warning(warning: &Warning, taken: &TakenStep, l: Language) -> String {
    match warning {
        Warning::Unchecked(None) => l
            .pick("not checked, but the broker's certificate is in order", "未检查，但服务器的证书没有问题")
            .to_owned(),
        Warning::Unchecked(Some(problem)) => {
            let problem = failure::tls(problem, l);
            say!(l, "not checked, and {problem}", "未检查，但有问题：{problem}")
        }
        Warning::SubprotocolUnconfirmed(asked) => say!(
            l,
            "the broker does not confirm the sub-protocol {asked}, which MQTT asks of it",
            "服务器没有确认子协议 {asked}，而 MQTT 要求它确认"
        ),
        Warning::SubprotocolUnasked(chosen) => say!(
            l,
            "the broker chose the sub-protocol {chosen} unasked",
            "服务器选择了未经请求的子协议 {chosen}"
        ),
        Warning::Fallback { from, to, cause } => {
            let (from, to, cause) = (from.name(), to.name(), failure::cause(cause, &taken.step, l));
            say!(
                l,
                "with MQTT {from}: {cause}; MQTT {to} is tried next",
                "使用 MQTT {from} 时：{cause}；接下来尝试 MQTT {to}"
            )
        }
        Warning::OlderVersion(version) => {
            let version = version.name();
            say!(
                l,
                "MQTT 5 did not work with this broker; this is {version}",
                "MQTT 5 在此服务器上不可用；当前使用 {version}"
            )
        }
    }
}

/// That a step was not reached, or why it was left out, where it stands by itself.
pub fn skipped(reason: &SkipReason, l: Language) -> String {
    let why = skip_reason(reason, l);
    match reason {
        SkipReason::After(_) => say!(l, "not reached: {why}", "没有进行到这一步：{why}"),
        SkipReason::NotReached => l.pick("not reached", "没有进行到这一步").to_owned(),
        SkipReason::AnotherAddress | SkipReason::KeepsSession | SkipReason::SharedSubscription => why,
    }
}

/// Why a step was not tried.
pub fn skip_reason(reason: &SkipReason, l: Language) -> String {
    let text = match reason {
        SkipReason::AnotherAddress => l.pick("another address answered first", "另一个地址先作出了应答"),
        SkipReason::After(failed) => {
            let failed = step(failed, l);
            return say!(l, "{failed} failed", "“{failed}”失败");
        }
        SkipReason::NotReached => l.pick("it was not reached", "没有进行到这一步"),
        SkipReason::KeepsSession => l.pick(
            "it could change the session of the profile's client ID",
            "它可能改变连接配置的客户端 ID 所对应的会话",
        ),
        SkipReason::SharedSubscription => l.pick(
            "a shared subscription would take messages from the others that share it",
            "共享订阅会取走本应发给其他共享者的消息",
        ),
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::mqtt::endpoint::Endpoint;
    use crate::mqtt::failure::TlsCause;
    use crate::mqtt::options::MqttVersion;
    use crate::mqtt::step::Step;

    #[test]
    fn a_warning_says_what_is_not_right() {
        let taken = TakenStep::ok(Step::Connect(Endpoint::new("h", 1883)), Duration::ZERO);
        for (problem, english, chinese) in [
            (
                Warning::Unchecked(Some(TlsCause::Untrusted)),
                "not checked, and the broker's certificate was issued by an authority that is not trusted here",
                "未检查，但有问题：颁发服务器证书的机构在本机不受信任",
            ),
            (
                Warning::OlderVersion(MqttVersion::V3_1_1),
                "MQTT 5 did not work with this broker; this is 3.1.1",
                "MQTT 5 在此服务器上不可用；当前使用 3.1.1",
            ),
        ] {
            assert_eq!(warning(&problem, &taken, Language::English), english);
            assert_eq!(warning(&problem, &taken, Language::Chinese), chinese);
        }
    }
}
