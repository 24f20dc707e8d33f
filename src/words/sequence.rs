//! Sequences: what their steps do, what is wrong with a file, and why a step failed.

use crate::sequence::{SequenceError, SequenceProblem, SequenceStep, StepAction, StepFailure};
use crate::words::Language::{self, Chinese, English};
use crate::words::{filter, format, payload, rejection, search, template};

/// What a step does, in short: its name if it has one.
pub fn step(step: &SequenceStep, language: Language) -> String {
    if let Some(name) = &step.name {
        return name.clone();
    }
    match (&step.kind, language) {
        (StepAction::Publish { topic, .. }, English) => format!("publish {}", topic.written),
        (StepAction::Publish { topic, .. }, Chinese) => format!("发布 {}", topic.written),
        (StepAction::Expect { filter, condition: None, .. }, English) => format!("expect {}", filter.written),
        (StepAction::Expect { filter, condition: None, .. }, Chinese) => {
            format!("等待消息 {}", filter.written)
        }
        (StepAction::Expect { filter, condition: Some(condition), .. }, English) => {
            format!("expect {} where {}", filter.written, condition.written)
        }
        (StepAction::Expect { filter, condition: Some(condition), .. }, Chinese) => {
            format!("等待消息 {}，条件 {}", filter.written, condition.written)
        }
        (StepAction::Capture(capture), English) => format!("capture {} from {}", capture.name, capture.from),
        (StepAction::Capture(capture), Chinese) => format!("从 {} 取值到 {}", capture.from, capture.name),
        (StepAction::Wait(length), English) => format!("wait {}", format::duration(*length)),
        (StepAction::Wait(length), Chinese) => format!("等待 {}", format::duration(*length)),
    }
}

/// What is wrong with a file, with its line.
pub fn error(error: &SequenceError, language: Language) -> String {
    let why = problem(&error.problem, language);
    match language {
        English => format!("line {}: {why}", error.line),
        Chinese => format!("第 {} 行：{why}", error.line),
    }
}

fn problem(problem: &SequenceProblem, language: Language) -> String {
    match (problem, language) {
        (SequenceProblem::Toml(said), _) => said.clone(),
        (SequenceProblem::NoSteps, English) => "there is no [[step]]".to_owned(),
        (SequenceProblem::NoSteps, Chinese) => "没有任何 [[step]]".to_owned(),
        (SequenceProblem::TooManySteps, English) => {
            format!("there are more than {} steps", format::count(crate::sequence::STEPS_MAX as u64))
        }
        (SequenceProblem::TooManySteps, Chinese) => {
            format!("步骤超过 {} 个", format::count(crate::sequence::STEPS_MAX as u64))
        }
        (SequenceProblem::NoKind, English) => {
            "a step needs one of publish, expect, capture and wait".to_owned()
        }
        (SequenceProblem::NoKind, Chinese) => "步骤需要 publish、expect、capture 或 wait 之一".to_owned(),
        (SequenceProblem::TwoKinds(one, other), English) => {
            format!("{one} and {other} are two steps; begin the second with [[step]]")
        }
        (SequenceProblem::TwoKinds(one, other), Chinese) => {
            format!("{one} 和 {other} 是两个步骤；第二个步骤请以 [[step]] 开头")
        }
        (SequenceProblem::Misplaced { key, kind }, English) => format!("{key} means nothing to {kind}"),
        (SequenceProblem::Misplaced { key, kind }, Chinese) => format!("{key} 不能用于 {kind}"),
        (SequenceProblem::NoFrom, English) => "capture needs from, such as from = '.id'".to_owned(),
        (SequenceProblem::NoFrom, Chinese) => "capture 需要 from，例如 from = '.id'".to_owned(),
        (SequenceProblem::Topic(invalid), _) => filter::invalid(*invalid, language),
        (SequenceProblem::Duration(text), English) => {
            format!("\"{text}\" is no duration of a day at most, such as \"500 ms\", \"2 s\" or \"1 min\"")
        }
        (SequenceProblem::Duration(text), Chinese) => {
            format!("“{text}”不是时长；应为一天以内的时长，例如 \"500 ms\"、\"2 s\" 或 \"1 min\"")
        }
        (SequenceProblem::Qos(level), English) => format!("QoS is 0, 1 or 2, not {level}"),
        (SequenceProblem::Qos(level), Chinese) => format!("QoS 应为 0、1 或 2，而不是 {level}"),
        (SequenceProblem::Path(error), _) => payload::path_problem(error.problem, language).to_owned(),
        (SequenceProblem::Condition(error), _) => search::condition(error, language),
        (SequenceProblem::Template(error), _) => template::template_problem(&error.problem, language),
        (SequenceProblem::Variable(name), English) => {
            format!("no variable can be called {name}: letters, digits, _, - and ., and no function's name")
        }
        (SequenceProblem::Variable(name), Chinese) => {
            format!("变量不能命名为 {name}：只能使用字母、数字、_、- 和 .，且不能与函数同名")
        }
    }
}

/// Why a step failed, as a clause.
pub fn failure(failure: &StepFailure, language: Language) -> String {
    match (failure, language) {
        (StepFailure::Template(error), _) => template::template_problem(&error.problem, language),
        (StepFailure::Topic(invalid), _) => filter::invalid(*invalid, language),
        (StepFailure::OtherLevels(filter), English) => {
            format!("{filter} has other levels than were subscribed to; a value may not contain /")
        }
        (StepFailure::OtherLevels(filter), Chinese) => {
            format!("{filter} 的层级与订阅时不同；取值不能包含 /")
        }
        (StepFailure::Condition(error), _) => search::condition(error, language),
        (StepFailure::NotExpected { .. }, _) => not_expected(failure, language),
        (StepFailure::NothingAt(path), English) => format!("the message has nothing at {path}"),
        (StepFailure::NothingAt(path), Chinese) => format!("消息中没有 {path}"),
        (StepFailure::NoMessage, English) => "no message was expected before it".to_owned(),
        (StepFailure::NoMessage, Chinese) => "在此之前没有等待过消息".to_owned(),
        (StepFailure::Unpublishable(why), _) => filter::unpublishable(*why, language),
        (StepFailure::Refused(why), _) => rejection::rejection(why, language),
        (StepFailure::NotAcknowledged, English) => {
            "the broker did not acknowledge the message in time".to_owned()
        }
        (StepFailure::NotAcknowledged, Chinese) => "服务器未及时确认该消息".to_owned(),
        (StepFailure::NotConnected, English) => "the connection was lost".to_owned(),
        (StepFailure::NotConnected, Chinese) => "连接已断开".to_owned(),
    }
}

/// `nothing came within 2 s`, or what came instead.
fn not_expected(failure: &StepFailure, language: Language) -> String {
    let StepFailure::NotExpected { within, unmet, other_retained, last, forgotten } = failure else {
        return String::new();
    };
    let within = format::duration(*within);
    let mut parts = Vec::new();
    match (unmet, language) {
        (0, English) => parts.push(format!("nothing came within {within}")),
        (0, Chinese) => parts.push(format!("{within} 内没有收到消息")),
        (unmet, English) => {
            let messages = format::plural(*unmet as u64, "message", "messages");
            parts.push(format!("{messages} came within {within}, and none met the condition"));
        }
        (unmet, Chinese) => parts.push(format!("{within} 内收到 {unmet} 条消息，均不满足条件")),
    }
    if *other_retained > 0 {
        parts.push(match language {
            English => format!(
                "{} differed in being retained or not",
                format::plural(*other_retained as u64, "message", "messages")
            ),
            Chinese => format!("{other_retained} 条消息的保留标志不符"),
        });
    }
    if *forgotten > 0 {
        parts.push(match language {
            English => format!(
                "{} before them had to be forgotten",
                format::plural(*forgotten as u64, "message", "messages")
            ),
            Chinese => format!("此前有 {forgotten} 条消息因过多而丢弃"),
        });
    }
    if let Some(last) = last {
        parts.push(match language {
            English => format!("the last was {last}"),
            Chinese => format!("最后一条为 {last}"),
        });
    }
    parts.join(language.pick("; ", "；"))
}
