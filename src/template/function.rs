//! The functions: their names, what they take, and what they give.

use crate::template::error::TemplateProblem;
use crate::template::filling::Filling;

/// A function by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionName {
    /// Seconds since the Unix epoch.
    Now,
    /// Milliseconds since the Unix epoch.
    NowMs,
    /// The time in UTC as in RFC 3339, with milliseconds.
    Iso,
    /// A random UUID (version 4).
    Uuid,
    /// The number of the message, from 1.
    Counter,
    /// A random whole number between two, both included.
    Random,
    /// A random number between two.
    RandomFloat,
    /// One of the words.
    Pick,
    /// A sine wave over time: period in seconds, lowest and highest value.
    Sin,
    /// The topic of the message.
    Topic,
    /// The newest payload of a topic, or what is at a path in it.
    Value,
}

/// A function for a list of them: its name, and what it takes as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FunctionUsage {
    /// The function.
    pub name: FunctionName,
    /// How it is written without braces, like `random 1 6`.
    pub example: &'static str,
}

impl FunctionName {
    /// Every function with an example, in the order of the documentation.
    pub const USAGES: [FunctionUsage; 11] = [
        FunctionUsage { name: Self::Now, example: "now" },
        FunctionUsage { name: Self::NowMs, example: "now_ms" },
        FunctionUsage { name: Self::Iso, example: "iso" },
        FunctionUsage { name: Self::Uuid, example: "uuid" },
        FunctionUsage { name: Self::Counter, example: "counter" },
        FunctionUsage { name: Self::Random, example: "random 1 6" },
        FunctionUsage { name: Self::RandomFloat, example: "random_float 18.0 24.5" },
        FunctionUsage { name: Self::Pick, example: "pick on off" },
        FunctionUsage { name: Self::Sin, example: "sin 60 18 24" },
        FunctionUsage { name: Self::Topic, example: "topic" },
        FunctionUsage { name: Self::Value, example: "value plant/line1 .temp" },
    ];

    /// The word that stands for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::NowMs => "now_ms",
            Self::Iso => "iso",
            Self::Uuid => "uuid",
            Self::Counter => "counter",
            Self::Random => "random",
            Self::RandomFloat => "random_float",
            Self::Pick => "pick",
            Self::Sin => "sin",
            Self::Topic => "topic",
            Self::Value => "value",
        }
    }

    /// The function with this word.
    pub fn of(word: &str) -> Option<Self> {
        Self::USAGES.into_iter().map(|usage| usage.name).find(|name| name.word() == word)
    }

    /// How it is written, with braces.
    pub fn example(self) -> String {
        let usage = Self::USAGES.into_iter().find(|usage| usage.name == self);
        format!("{{{{{}}}}}", usage.map_or(self.word(), |usage| usage.example))
    }
}

/// A call with its arguments, checked.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Function {
    Now,
    NowMs,
    Iso,
    Uuid,
    Counter,
    Random { from: i64, to: i64 },
    RandomFloat { from: f64, to: f64, decimals: usize },
    Pick(Vec<String>),
    Sin { period_s: f64, from: f64, to: f64, decimals: usize },
    Topic,
    Value { topic: String, path: String },
}

impl Function {
    pub(super) fn new(name: FunctionName, arguments: Vec<String>) -> Result<Self, TemplateProblem> {
        let wrong = || TemplateProblem::Arguments(name);
        let texts: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let number =
            |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite()).ok_or_else(wrong);
        let ordered =
            |is_ordered: bool| if is_ordered { Ok(()) } else { Err(TemplateProblem::Reversed(name)) };
        Ok(match (name, texts.as_slice()) {
            (FunctionName::Now, []) => Self::Now,
            (FunctionName::NowMs, []) => Self::NowMs,
            (FunctionName::Iso, []) => Self::Iso,
            (FunctionName::Uuid, []) => Self::Uuid,
            (FunctionName::Counter, []) => Self::Counter,
            (FunctionName::Topic, []) => Self::Topic,
            (FunctionName::Random, [from, to]) => {
                let (from, to) = (from.parse().map_err(|_| wrong())?, to.parse().map_err(|_| wrong())?);
                ordered(from <= to)?;
                Self::Random { from, to }
            }
            (FunctionName::RandomFloat, [low, high]) => {
                let (from, to) = (number(low)?, number(high)?);
                ordered(from <= to)?;
                Self::RandomFloat { from, to, decimals: decimals(low, high) }
            }
            (FunctionName::Sin, [period, low, high]) => {
                let (period_s, from, to) = (number(period)?, number(low)?, number(high)?);
                if period_s <= 0.0 {
                    return Err(wrong());
                }
                ordered(from <= to)?;
                Self::Sin { period_s, from, to, decimals: decimals(low, high) }
            }
            (FunctionName::Pick, [_, ..]) => Self::Pick(arguments),
            (FunctionName::Value, [topic]) => Self::Value { topic: (*topic).to_owned(), path: String::new() },
            (FunctionName::Value, [topic, path]) => {
                Self::Value { topic: (*topic).to_owned(), path: (*path).to_owned() }
            }
            _ => return Err(wrong()),
        })
    }

    pub(super) fn varies(&self) -> bool {
        match self {
            Self::Now | Self::NowMs | Self::Iso | Self::Sin { .. } | Self::Value { .. } => true,
            // What is random changes with the seed only, and so with the message.
            Self::Uuid
            | Self::Counter
            | Self::Random { .. }
            | Self::RandomFloat { .. }
            | Self::Pick(_)
            | Self::Topic => false,
        }
    }

    pub(super) fn fill(&self, filling: &mut Filling<'_>) -> Result<String, TemplateProblem> {
        let microseconds = filling.now.0;
        Ok(match self {
            Self::Now => microseconds.div_euclid(1_000_000).to_string(),
            Self::NowMs => microseconds.div_euclid(1_000).to_string(),
            Self::Iso => {
                let time = jiff::Timestamp::from_microsecond(microseconds).unwrap_or_default();
                format!("{time:.3}")
            }
            Self::Uuid => {
                let high = u128::from(filling.dice.roll()) << 64;
                uuid(high | u128::from(filling.dice.roll()))
            }
            Self::Counter => filling.counter.to_string(),
            Self::Random { from, to } => {
                let sides = (i128::from(*to) - i128::from(*from) + 1).unsigned_abs();
                (i128::from(*from) + filling.dice.below(sides).cast_signed()).to_string()
            }
            Self::RandomFloat { from, to, decimals } => {
                let number = from + (to - from) * filling.dice.fraction();
                format!("{number:.decimals$}")
            }
            Self::Pick(words) => {
                let index = filling.dice.below(words.len() as u128) as usize;
                words.get(index).cloned().unwrap_or_default()
            }
            Self::Sin { period_s, from, to, decimals } => {
                let seconds = microseconds as f64 / 1e6;
                let angle = std::f64::consts::TAU * (seconds / period_s).fract();
                let number = from + (to - from) * f64::midpoint(1.0, angle.sin());
                format!("{number:.decimals$}")
            }
            Self::Topic => filling.topic.ok_or(TemplateProblem::NoTopic)?.to_owned(),
            Self::Value { topic, path } => {
                let missing = || TemplateProblem::NoValue { topic: topic.clone(), path: path.clone() };
                filling.lookup.value(topic, path).ok_or_else(missing)?
            }
        })
    }
}

/// As many decimals as the more precise of two limits has, and two at least.
fn decimals(low: &str, high: &str) -> usize {
    let of = |text: &str| text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    of(low).max(of(high)).clamp(2, 12)
}

/// Random bits as a UUID of version 4 (RFC 9562, 5.4).
fn uuid(bits: u128) -> String {
    let bits = bits & !(0xF000_u128 << 64) & !(0xC000_u128 << 48) | (0x4000_u128 << 64) | (0x8000_u128 << 48);
    let digits = format!("{bits:032x}");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}
