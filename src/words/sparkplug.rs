//! The tool for Sparkplug B: edge nodes, devices, metrics, and what goes wrong between them.

use crate::message::Timestamp;
use crate::query::sparkplug::{EdgeNode, HostState, Life, NodeKey, Noted, PlantFault, Presence};
use crate::words::confirm::ConfirmQuestion;
use crate::words::language::say;
use crate::words::{Label, Language, format, label};

/// Name of the list of hosts, edge nodes and devices.
pub const PLANT: Label = label("Edge nodes and devices", "边缘节点与设备");
/// Name of the list of metrics.
pub const METRICS: Label = label("Metrics", "指标");
/// Title shown while nothing of Sparkplug has come.
pub const EMPTY: Label = label("No Sparkplug here", "没有 Sparkplug 消息");
/// Explanation below [`EMPTY`].
pub const EMPTY_HELP: Label = label(
    "Edge nodes and devices show as soon as a message below spBv1.0/ arrives. Subscribe to spBv1.0/# to see them all.",
    "收到 spBv1.0/ 下的消息后会显示边缘节点和设备。订阅 spBv1.0/# 可查看全部。",
);
/// Said while the tree shows an earlier moment.
pub const NOT_REWOUND: Label = label(
    "The time bar does not move this: it is the state at which the view left the present",
    "时间条不影响此处：显示的是视图离开当前时刻时的状态",
);
/// Title shown for an edge node or device without metrics.
pub const NO_METRICS: Label = label("No metrics yet", "尚无指标");
/// Explanation below [`NO_METRICS`].
pub const NO_METRICS_HELP: Label = label(
    "They come with a birth. Request a rebirth to get one now.",
    "指标随上线消息（BIRTH）而来。可以请求重新上线以立即获取。",
);
/// Button that asks an edge node to be born again.
pub const REBIRTH: Label = label("Request rebirth…", "请求重新上线…");
/// Tooltip of [`REBIRTH`].
pub const REBIRTH_HELP: Label = label(
    "Asks the edge node, by an NCMD, to send its birth and those of its devices again",
    "通过 NCMD 请求边缘节点重新发送自身及其设备的上线消息",
);
/// Button that opens the form of a command.
pub const WRITE: Label = label("Write metrics…", "写入指标…");
/// Tooltip of [`WRITE`].
pub const WRITE_HELP: Label =
    label("Composes a command (NCMD or DCMD) with typed metrics", "编写带类型指标的命令（NCMD 或 DCMD）");
/// Why nothing can be sent.
pub const NOT_CONNECTED: Label = label("Not connected; connect first", "未连接，需先建立连接");
/// Button that selects the topic of the newest message in the tree.
pub const SHOW_TOPIC: Label = label("Show topic", "显示主题");
/// Tooltip of [`SHOW_TOPIC`].
pub const SHOW_TOPIC_HELP: Label =
    label("Selects the topic of the data in the tree", "在主题树中选中其数据主题");
/// Button in the inspector that shows this tool.
pub const SHOW_STATE: Label = label("Sparkplug state", "Sparkplug 状态");
/// Tooltip of [`SHOW_STATE`].
pub const SHOW_STATE_HELP: Label = label(
    "Shows the edge node or device of this topic: whether it is online, and its metrics as they are now",
    "显示此主题的边缘节点或设备：是否在线，以及各指标的当前值",
);
/// Heading of the metrics' names.
pub const METRIC: Label = label("Metric", "指标");
/// Heading of the metrics' types.
pub const TYPE: Label = label("Type", "类型");
/// Heading of the metrics' values.
pub const VALUE: Label = label("Value", "值");
/// Heading of how old a value is.
pub const AGE: Label = label("Age", "时间");
/// Beside a value that came with the birth and has not changed since.
pub const SINCE_BIRTH: Label = label("birth", "上线");
/// Field of a metric's name in a command.
pub const METRIC_NAME: Label = label("Metric name", "指标名称");
/// Choice of a metric's type in a command.
pub const METRIC_TYPE: Label = label("Metric type", "指标类型");
/// Field of a metric's value in a command.
pub const METRIC_VALUE: Label = label("Metric value", "指标值");
/// Button that adds a metric to a command.
pub const ADD_METRIC: Label = label("Add metric", "添加指标");
/// Button that takes a metric out of a command.
pub const REMOVE_METRIC: Label = label("Remove metric", "移除指标");
/// Why a command cannot be sent: a metric has no name.
pub const NAME_MISSING: Label = label("A metric has no name", "有指标缺少名称");
/// Why a command cannot be sent: two metrics have one name.
pub const NAME_TWICE: Label = label("Two metrics have the same name", "有两个指标名称相同");
/// Menu entry that plots a metric.
pub const PLOT: Label = label("Plot value", "绘制曲线");
/// Menu entry that copies a metric's name.
pub const COPY_NAME: Label = label("Copy name", "复制名称");
/// Menu entry that copies a metric's value.
pub const COPY_VALUE: Label = label("Copy value", "复制值");
/// Why a value cannot be plotted.
pub const NOT_A_NUMBER: Label = label("The value is not a number", "该值不是数值");
/// Why a value cannot be copied.
pub const VALUE_CUT: Label =
    label("Only its beginning is kept here; the payload has it whole", "此处只保留开头；完整内容见载荷");
/// What the notice calls a copied name.
pub const NAME_COPIED: Label = label("name", "名称");
/// What the notice calls a copied value.
pub const VALUE_COPIED: Label = label("value", "值");

/// Button that sends a command of this kind.
pub fn send(kind: &str, l: Language) -> String {
    say!(l, "Send {kind}", "发送 {kind}")
}

/// Whether something is there, as one word.
pub const fn presence(presence: Presence) -> Label {
    match presence {
        Presence::Unknown => label("birth not seen", "未见上线"),
        Presence::Online => label("online", "在线"),
        Presence::Offline => label("offline", "离线"),
    }
}

/// Whether a host application is there, as one word.
pub const fn host_presence(host: &HostState) -> Label {
    match host.is_online {
        Some(true) => label("online", "在线"),
        Some(false) => label("offline", "离线"),
        None => label("state not readable", "状态无法读取"),
    }
}

/// A row of the list, for assistive technology.
pub fn place_row(name: &str, state: Label, l: Language) -> String {
    let state = state.of(l);
    say!(l, "{name}, {state}", "{name}，{state}")
}

/// A host application in the list.
pub fn host(name: &str, l: Language) -> String {
    say!(l, "Host {name}", "主机应用 {name}")
}

/// A version in the list that is not known.
pub fn unknown(version: &str, l: Language) -> String {
    say!(l, "Unknown: {version}", "未知：{version}")
}

/// Explains a version that is not known.
pub fn unknown_help(version: &str, messages: u64, l: Language) -> String {
    let messages = match l {
        Language::English => format::plural(messages, "message", "messages"),
        Language::Chinese => format::count(messages),
    };
    say!(
        l,
        "{messages} of {version}, which Sparkplug B 3.0 does not have. They are shown as bytes and not guessed at.",
        "收到 {messages} 条 {version} 消息，Sparkplug B 3.0 中没有这种类型。按原始字节显示，不做猜测。",
    )
}

/// Everything that a host application says.
pub fn host_help(host: &HostState, now: Timestamp, l: Language) -> String {
    let ago = format::ago(host.at, now, l);
    let mut text = say!(l, "It said so {ago}.", "{ago}收到此状态。");
    if let Some(time) = host.time_ms.and_then(|time| i64::try_from(time).ok()) {
        let time = format::date_time(Timestamp(time.saturating_mul(1_000)));
        text.push_str(&say!(l, " By its own clock: {time}.", "其自身时钟：{time}。"));
    }
    if host.is_old {
        text.push_str(
            l.pick(" The form is that of Sparkplug before 3.0.", "格式为 Sparkplug 3.0 之前的版本。"),
        );
    }
    text
}

/// The facts of an edge node or a device, one after the other.
pub fn facts(life: &Life, node: Option<&EdgeNode>, now: Timestamp, l: Language) -> String {
    let state = presence(life.presence).of(l);
    let since = format::age(life.since, now, l);
    let mut facts = vec![if life.presence == Presence::Unknown {
        state.to_owned()
    } else {
        say!(l, "{state} {since}", "{state} {since}")
    }];
    let births = format::count(life.births);
    let again = format::count(life.rebirths);
    facts.push(match l {
        Language::English if life.rebirths > 0 => {
            format!("{}, {again} again", format::plural(life.births, "birth", "births"))
        }
        Language::English => format::plural(life.births, "birth", "births"),
        Language::Chinese if life.rebirths > 0 => format!("上线 {births} 次（其中重新上线 {again} 次）"),
        Language::Chinese => format!("上线 {births} 次"),
    });
    if life.deaths > 0 {
        let deaths = format::count(life.deaths);
        facts.push(match l {
            Language::English => format::plural(life.deaths, "death", "deaths"),
            Language::Chinese => format!("离线 {deaths} 次"),
        });
    }
    if let Some(node) = node {
        facts.extend(node.bd_seq.map(|number| format!("bdSeq {number}")));
        facts.extend(node.seq.map(|number| format!("seq {number}")));
        if node.rebirths_asked > 0 {
            let asked = format::count(node.rebirths_asked);
            facts.push(match l {
                Language::English => {
                    format::plural(node.rebirths_asked, "rebirth request", "rebirth requests")
                }
                Language::Chinese => format!("请求重新上线 {asked} 次"),
            });
        }
    }
    if life.commands > 0 {
        let commands = format::count(life.commands);
        facts.push(match l {
            Language::English => format::plural(life.commands, "command", "commands"),
            Language::Chinese => format!("命令 {commands} 条"),
        });
    }
    facts.join(" · ")
}

/// Explains the facts, for their tooltip.
pub const FACTS_HELP: Label = label(
    "bdSeq numbers the sessions of an edge node: a death counts only if it has the number of the last birth. \
     seq numbers its messages from 0 to 255, over all its devices: a number that is left out is a message that is missing.\n\
     A birth that follows on another one of the same session is one that somebody requested.",
    "bdSeq 是边缘节点会话的编号：离线消息的编号与最近一次上线一致才有效。seq 是其所有消息（包括设备）的编号，从 0 到 255 循环：缺少的编号即为丢失的消息。\n\
     同一会话中再次出现的上线消息是应请求重新发送的。",
);

/// What went wrong, how often, and what it means.
pub fn fault(
    kind: PlantFault,
    noted: &Noted,
    node: Option<&EdgeNode>,
    now: Timestamp,
    l: Language,
) -> String {
    let Noted { about, .. } = noted;
    let text = match kind {
        PlantFault::SeqGap => match node.and_then(|node| Some((node.gap?, node.missing))) {
            Some((gap, missing)) => {
                let (expected, got, missing) = (gap.expected, gap.got, format::count(missing));
                say!(
                    l,
                    "Sequence numbers leave something out; the last step expected {expected} and got {got}, {missing} are \
                     missing in all. Messages were lost, came out of order, or came while mqttree was not connected",
                    "序号不连续：最近一次应为 {expected}，实为 {got}，累计缺少 {missing} 条。消息丢失、乱序，或在 mqttree 未连接时到达",
                )
            }
            None => l.pick("Sequence numbers leave something out", "序号不连续").to_owned(),
        },
        PlantFault::NoSeq if about.is_empty() => {
            l.pick("A message without a sequence number", "消息没有序号").to_owned()
        }
        PlantFault::NoSeq => say!(l, "The sequence number {about} is above 255", "序号 {about} 超过 255"),
        PlantFault::Unborn => l
            .pick(
                "Data without a birth before it: its types and aliases are unknown until a rebirth",
                "数据之前没有上线消息：重新上线之前类型和别名未知",
            )
            .to_owned(),
        PlantFault::AfterDeath => l
            .pick("Data after the death: a new birth must come first", "离线之后仍有数据：应先重新上线")
            .to_owned(),
        PlantFault::UnknownAlias => say!(
            l,
            "The alias {about} is in no birth; a rebirth would name it",
            "别名 {about} 不在任何上线消息中；重新上线可以给出名称",
        ),
        PlantFault::NotInBirth => say!(
            l,
            "{about} is not in the birth; a rebirth would say its type",
            "{about} 不在上线消息中；重新上线可以给出类型",
        ),
        PlantFault::NoBdSeq => l
            .pick(
                "A birth without bdSeq: it cannot be told which death belongs to it",
                "上线消息没有 bdSeq：无法判断哪条离线消息与之对应",
            )
            .to_owned(),
        PlantFault::NoDeath => l
            .pick(
                "A new session began, but the death of the last one was not seen",
                "新会话开始，但未见上一会话的离线消息",
            )
            .to_owned(),
        PlantFault::StaleDeath => say!(
            l,
            "A death of the earlier session {about}: it does not count",
            "收到较早会话 {about} 的离线消息：不计入",
        ),
        PlantFault::Retained => say!(
            l,
            "{about} came as a retained message, which Sparkplug forbids: it may be old",
            "{about} 以保留消息到达，Sparkplug 不允许：内容可能已过时",
        ),
        PlantFault::Unreadable => {
            say!(l, "{about} cannot be read; the log has the bytes", "{about} 无法读取；历史中有原始字节")
        }
        PlantFault::TooLarge => {
            say!(l, "{about} has more than 1 MiB and is not followed", "{about} 超过 1 MiB，未予跟踪",)
        }
        PlantFault::Full => say!(
            l,
            "More metrics than are remembered; the last left out: {about}",
            "指标数量超出可记录的范围；最近未记录的：{about}",
        ),
    };
    let (count, ago) = (format::count(noted.count), format::ago(noted.at, now, l));
    say!(l, "{text} ({count} ×, {ago})", "{text}（{count} 次，{ago}）")
}

/// A metric, for assistive technology.
pub fn metric_row(name: &str, data_type: &str, value: &str, l: Language) -> String {
    say!(l, "{name}, {data_type}, {value}", "{name}，{data_type}，{value}")
}

/// How many metrics there are.
pub fn metrics(count: usize, l: Language) -> String {
    let count = count as u64;
    match l {
        Language::English => format::plural(count, "metric", "metrics"),
        Language::Chinese => format!("{} 个指标", format::count(count)),
    }
}

/// Edge nodes, devices and hosts beyond those that are remembered.
pub fn left_out(messages: u64, l: Language) -> String {
    let count = format::count(messages);
    match l {
        Language::English => {
            format!("{} not followed", format::plural(messages, "message", "messages"))
        }
        Language::Chinese => format!("{count} 条消息未跟踪"),
    }
}

/// A value with what is cut of it.
pub fn cut_value(value: &str) -> String {
    format!("{value}…")
}

/// Everything about a metric, for its tooltip.
pub fn metric_help(metric: &crate::query::sparkplug::LiveMetric, now: Timestamp, l: Language) -> String {
    let said = &metric.said;
    let mut lines = vec![format!("{} = {}", metric.name, said.value)];
    if let Some(alias) = said.alias {
        lines.push(say!(l, "Alias {alias}", "别名 {alias}"));
    }
    let ago = format::ago(metric.at, now, l);
    lines.push(match (metric.in_birth, metric.updates) {
        (true, 0) => say!(
            l,
            "From the birth, {ago}; it has not changed since, so it still counts",
            "来自上线消息，{ago}；此后未变化，因此仍为当前值",
        ),
        (true, updates) => {
            let updates = format::count(updates);
            say!(l, "Changed {updates} × since the birth, last {ago}", "上线后变化 {updates} 次，最近 {ago}")
        }
        (false, _) => say!(l, "Not in the birth; {ago}", "不在上线消息中；{ago}"),
    });
    if let Some(time) = said.time_ms.and_then(|time| i64::try_from(time).ok()) {
        let time = format::date_time(Timestamp(time.saturating_mul(1_000)));
        lines.push(say!(l, "By the sender's clock: {time}", "发送方时钟：{time}"));
    }
    if metric.historical > 0 {
        let count = format::count(metric.historical);
        lines.push(say!(
            l,
            "{count} historical values, which change nothing",
            "{count} 个历史值，不影响当前值"
        ));
    }
    if said.is_transient {
        lines.push(l.pick("Transient: hosts need not keep it", "瞬态值：主机无需保存").to_owned());
    }
    if said.is_null {
        lines.push(l.pick("Null: it has no value now", "空值：当前没有值").to_owned());
    }
    if !said.properties.is_empty() {
        let properties = &said.properties;
        lines.push(say!(l, "Properties: {properties}", "属性：{properties}"));
    }
    lines.join("\n")
}

/// Why a rebirth cannot be requested yet.
pub fn asked_before(seconds: u64, l: Language) -> String {
    say!(
        l,
        "A rebirth was requested a moment ago; again in {seconds} s",
        "刚刚已请求重新上线；{seconds} 秒后可再次请求",
    )
}

/// Asks whether to request a rebirth.
pub fn ask_rebirth(key: &NodeKey, devices: usize, l: Language) -> ConfirmQuestion {
    let name = format!("{} / {}", format::topic(&key.group), format::topic(&key.node));
    let (title, text) = match l {
        Language::English => {
            let devices = format::plural(devices as u64, "device", "devices");
            (
                format!("Request a rebirth of {name}?"),
                format!(
                    "The edge node sends its birth and those of its {devices} again, to every host that listens. \
                     Its data stops for a moment."
                ),
            )
        }
        Language::Chinese => (
            format!("请求 {name} 重新上线？"),
            format!("该边缘节点会向所有主机重新发送自身及其 {devices} 个设备的上线消息，数据会短暂中断。"),
        ),
    };
    ConfirmQuestion { title, text, verb: label("Request rebirth", "请求重新上线") }
}
