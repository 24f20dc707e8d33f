//! What is wrong with a placeholder of a template.

use crate::template::{TemplateError, TemplateProblem};
use crate::words::Language::{self, Chinese, English};

/// What is wrong with a placeholder and where, as a sentence.
pub fn template_error(error: &TemplateError, language: Language) -> String {
    let why = template_problem(&error.problem, language);
    let (line, column) = (error.spot.line, error.spot.column);
    match language {
        English => format!("Line {line}, column {column}: {why}"),
        Chinese => format!("第 {line} 行第 {column} 列：{why}"),
    }
}

/// What is wrong with a placeholder, as a clause.
pub fn template_problem(problem: &TemplateProblem, language: Language) -> String {
    match (problem, language) {
        (TemplateProblem::Unclosed, English) => {
            "{{ has no }}; write \\{{ for the braces themselves".to_owned()
        }
        (TemplateProblem::Unclosed, Chinese) => "{{ 缺少对应的 }}；如需花括号本身，请写 \\{{".to_owned(),
        (TemplateProblem::Empty, English) => "nothing stands between {{ and }}".to_owned(),
        (TemplateProblem::Empty, Chinese) => "{{ 和 }} 之间没有内容".to_owned(),
        (TemplateProblem::UnclosedQuote, English) => "a quote is not closed".to_owned(),
        (TemplateProblem::UnclosedQuote, Chinese) => "引号未闭合".to_owned(),
        (TemplateProblem::UnknownFunction(name), English) => format!("there is no function {name}"),
        (TemplateProblem::UnknownFunction(name), Chinese) => format!("没有名为 {name} 的函数"),
        (TemplateProblem::UnknownVariable(name), English) => {
            format!("the variable {name} is not set for this connection")
        }
        (TemplateProblem::UnknownVariable(name), Chinese) => format!("此连接未设置变量 {name}"),
        (TemplateProblem::Arguments(name), English) => {
            format!("{} is written like {}", name.word(), name.example())
        }
        (TemplateProblem::Arguments(name), Chinese) => {
            format!("{} 的写法如 {}", name.word(), name.example())
        }
        (TemplateProblem::Reversed(name), English) => {
            format!("the first limit of {} is above the second", name.word())
        }
        (TemplateProblem::Reversed(name), Chinese) => format!("{} 的下限大于上限", name.word()),
        (TemplateProblem::NoTopic, English) => "a topic cannot contain {{topic}}".to_owned(),
        (TemplateProblem::NoTopic, Chinese) => "主题中不能使用 {{topic}}".to_owned(),
        (TemplateProblem::NoValue { topic, path }, English) if path.is_empty() => {
            format!("no text is known for the topic {topic}")
        }
        (TemplateProblem::NoValue { topic, path }, Chinese) if path.is_empty() => {
            format!("主题 {topic} 没有已知的文本")
        }
        (TemplateProblem::NoValue { topic, path }, English) => {
            format!("the newest message of {topic} has nothing at {path}")
        }
        (TemplateProblem::NoValue { topic, path }, Chinese) => {
            format!("{topic} 的最新消息中没有 {path}")
        }
        (TemplateProblem::TooLong, English) => "the filled text exceeds 16 MiB".to_owned(),
        (TemplateProblem::TooLong, Chinese) => "填充后的文本超过 16 MiB".to_owned(),
    }
}
