//! The texts of the reply rules: their panel, and the status bar's part about them.

use crate::automation::ResponderState;
use crate::reply::{PER_SECOND_MAX, ReplyFailure, ReplyRule, RuleError};
use crate::words::Language::{self, Chinese, English};
use crate::words::rejection::rejection;
use crate::words::{Label, failure_line, filter, format, label, search, template};

/// The switch of all rules.
pub const SWITCH: Label = label("Answer messages", "自动应答消息");
/// Tooltip of [`SWITCH`].
pub const SWITCH_HELP: Label = label(
    "Answers what comes by these rules, on a connection of its own, until it is turned off or the session is closed",
    "通过单独的连接按这些规则应答收到的消息，直至关闭此开关或关闭会话",
);
/// Title shown while there are no rules.
pub const EMPTY: Label = label("No reply rules", "没有应答规则");
/// Below [`EMPTY`].
pub const EMPTY_HELP: Label = label(
    "A rule answers messages of a topic filter with a message of yours: a device that is not there yet, a service under test",
    "规则会用您指定的消息应答某个主题过滤器的消息，例如模拟尚未就绪的设备或被测服务",
);
/// Why nothing can be turned on.
pub const NO_RULES: Label = label("Add a rule first", "请先添加规则");
/// Field of the filter.
pub const FILTER: Label = label("Messages of", "匹配的主题");
/// In the empty field of the filter.
pub const FILTER_HINT: Label = label("Topic filter, like lamp/+/set", "主题过滤器，例如 lamp/+/set");
/// Field of the condition.
pub const CONDITION: Label = label("Where", "条件");
/// In the empty field of the condition.
pub const CONDITION_HINT: Label =
    label("Every message; or like .state == \"ON\"", "所有消息；或例如 .state == \"ON\"");
/// Field of the reply's topic.
pub const TOPIC: Label = label("Reply topic", "应答主题");
/// In the empty field of the reply's topic.
pub const TOPIC_HINT: Label = label("The response topic that the request names", "请求消息中指定的响应主题");
/// Field of the reply's payload.
pub const PAYLOAD: Label = label("Reply payload", "应答载荷");
/// In the empty field of the payload.
pub const PAYLOAD_HINT: Label = label(
    "{\"state\": \"{{value payload .state}}\", \"at\": {{now_ms}}}",
    "{\"state\": \"{{value payload .state}}\", \"at\": {{now_ms}}}",
);
/// Choice of the reply's QoS.
pub const QOS: Label = label("Reply QoS", "应答 QoS");
/// Check box of the retain flag.
pub const RETAIN: Label = label("Retain", "保留");
/// Field of the delay.
pub const DELAY: Label = label("Delay in ms", "延迟（毫秒）");
/// Field of the limit.
pub const LIMIT: Label = label("At most/s", "每秒最多");
/// In the empty field of the limit.
pub const NO_LIMIT: Label = label("100", "100");
/// Button that adds a rule.
pub const ADD: Label = label("Add rule", "添加规则");
/// Button that changes a rule of the list.
pub const SAVE: Label = label("Save rule", "保存规则");
/// Tooltip of the button that changes a rule.
pub const CHANGE_HELP: Label = label("Changes the rule in the form beside", "在旁边的表单中修改此规则");
/// Tooltip of the button that removes a rule.
pub const REMOVE_HELP: Label =
    label("Messages of this filter are no longer answered", "不再应答此过滤器的消息");
/// A number that is none.
pub const NOT_A_NUMBER: Label = label("A whole number up to 3,600,000", "不超过 3,600,000 的整数");
/// The status bar's part while replies are on.
pub const ON: Label = label("Replies on", "自动应答已开启");
/// The status bar's part after a loop.
pub const STOPPED: Label = label("Replies stopped", "自动应答已停止");
/// Tooltip of the status bar's part.
pub const SHOW_HELP: Label = label("Shows the reply rules", "显示应答规则");

/// The name of the check box of a rule.
pub fn enable(rule: &ReplyRule, language: Language) -> String {
    match language {
        English => format!("Answer {}", rule.filter),
        Chinese => format!("应答 {}", rule.filter),
    }
}

/// The name of the button that changes a rule.
pub fn change(rule: &ReplyRule, language: Language) -> String {
    match language {
        English => format!("Change the rule for {}", rule.filter),
        Chinese => format!("修改 {} 的规则", rule.filter),
    }
}

/// The name of the button that removes a rule.
pub fn remove(rule: &ReplyRule, language: Language) -> String {
    match language {
        English => format!("Remove the rule for {}", rule.filter),
        Chinese => format!("删除 {} 的规则", rule.filter),
    }
}

/// `lamp/+/set where .on → lamp/state`
pub fn summary(rule: &ReplyRule, language: Language) -> String {
    let condition = rule.condition.trim();
    let what = match (condition.is_empty(), language) {
        (true, _) => rule.filter.clone(),
        (false, English) => format!("{} where {condition}", rule.filter),
        (false, Chinese) => format!("{}，条件 {condition}", rule.filter),
    };
    let topic = if rule.topic.is_empty() {
        language.pick("its response topic", "其响应主题")
    } else {
        rule.topic.as_str()
    };
    format!("{what}  →  {topic}")
}

/// How often a rule answered: `12 answered`.
pub fn answered(count: u64, language: Language) -> String {
    match language {
        English => format!("{} answered", format::count(count)),
        Chinese => format!("已应答 {}", format::count(count)),
    }
}

/// What is wrong with a rule.
pub fn rule_error(error: &RuleError, language: Language) -> String {
    let clause = match error {
        RuleError::Topic(_, why) => return filter::capitalised(*why, language),
        RuleError::Condition(why) => search::condition(why, language),
        RuleError::Template(_, why) => template::template_error(why, language),
    };
    format::capitalised(&clause)
}

/// How the rules are doing, in a sentence, and whether that is bad. `rules` are those of the session.
pub fn state(state: &ResponderState, rules: &[ReplyRule], language: Language) -> (String, bool) {
    let name = |place: usize| rules.get(place).map(|rule| rule.filter.clone()).unwrap_or_default();
    if let Some(place) = state.stopped {
        return (stopped(&name(place), language), true);
    }
    if let Some((refused, why)) = &state.refused {
        let why = rejection(why, language);
        return match language {
            English => (format!("The broker does not send {refused}: {why}"), true),
            Chinese => (format!("服务器不发送 {refused}：{why}"), true),
        };
    }
    if let Some(failure) = state.failure.as_ref().filter(|_| !state.listens) {
        return (failure_line(failure, language), true);
    }
    if !state.listens {
        return (language.pick("Connecting…", "正在连接…").to_owned(), false);
    }
    if let Some((place, why)) = &state.unanswered {
        let why = reply_failure(why, language);
        return match language {
            English => (format!("A message of {} was not answered: {why}", name(*place)), true),
            Chinese => (format!("{} 的一条消息未应答：{why}", name(*place)), true),
        };
    }
    if state.unsent > 0 {
        let (sent, unsent) = (format::count(state.count()), format::count(state.unsent));
        return match language {
            English => (format!("{sent} answered, {unsent} could not be sent"), true),
            Chinese => (format!("已应答 {sent} 条，{unsent} 条未能发送"), true),
        };
    }
    (answered(state.count(), language), false)
}

/// Why everything stopped.
fn stopped(filter: &str, language: Language) -> String {
    match language {
        English => format!(
            "Stopped: more than {PER_SECOND_MAX} replies in a second, the last for {filter}. Rules seem to answer each other; \
             change one, then turn them on again"
        ),
        Chinese => format!(
            "已停止：一秒内应答超过 {PER_SECOND_MAX} 条，最后一条针对 {filter}。规则之间可能互相应答；请修改其中一条后重新开启"
        ),
    }
}

fn reply_failure(failure: &ReplyFailure, language: Language) -> String {
    match failure {
        ReplyFailure::Template(error) => template::template_problem(&error.problem, language),
        ReplyFailure::Topic(why) => filter::invalid(*why, language),
        ReplyFailure::NoResponseTopic => {
            language.pick("it names no response topic", "消息未指定响应主题").to_owned()
        }
    }
}
