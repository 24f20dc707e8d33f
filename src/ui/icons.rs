//! The icons of the interface, as characters of `assets/icons/Phosphor.ttf`.
//!
//! Written by `scripts/make-fonts` from its list of names: add an icon there, not here.

/// `arrow-left`
pub const ARROW_LEFT: &str = "\u{e058}";
/// `arrow-right`
pub const ARROW_RIGHT: &str = "\u{e06c}";
/// `arrows-in-line-vertical`
pub const ARROWS_IN_LINE_VERTICAL: &str = "\u{e532}";
/// `arrows-out-line-vertical`
pub const ARROWS_OUT_LINE_VERTICAL: &str = "\u{e536}";
/// `asterisk`
pub const ASTERISK: &str = "\u{e0aa}";
/// `bookmark-simple`
pub const BOOKMARK_SIMPLE: &str = "\u{e0ea}";
/// `broom`
pub const BROOM: &str = "\u{ec54}";
/// `caret-double-down`
pub const CARET_DOUBLE_DOWN: &str = "\u{e126}";
/// `caret-down`
pub const CARET_DOWN: &str = "\u{e136}";
/// `caret-right`
pub const CARET_RIGHT: &str = "\u{e13a}";
/// `caret-up`
pub const CARET_UP: &str = "\u{e13c}";
/// `chart-line`
pub const CHART_LINE: &str = "\u{e154}";
/// `check-circle`
pub const CHECK_CIRCLE: &str = "\u{e184}";
/// `circle`
pub const CIRCLE: &str = "\u{e18a}";
/// `circle-dashed`
pub const CIRCLE_DASHED: &str = "\u{e602}";
/// `circle-notch`
pub const CIRCLE_NOTCH: &str = "\u{eb44}";
/// `command`
pub const COMMAND: &str = "\u{e1c4}";
/// `copy`
pub const COPY: &str = "\u{e1ca}";
/// `eraser`
pub const ERASER: &str = "\u{e21e}";
/// `eye`
pub const EYE: &str = "\u{e220}";
/// `eye-slash`
pub const EYE_SLASH: &str = "\u{e224}";
/// `file`
pub const FILE: &str = "\u{e230}";
/// `floppy-disk`
pub const FLOPPY_DISK: &str = "\u{e248}";
/// `funnel`
pub const FUNNEL: &str = "\u{e266}";
/// `gauge`
pub const GAUGE: &str = "\u{e628}";
/// `gear`
pub const GEAR: &str = "\u{e270}";
/// `keyboard`
pub const KEYBOARD: &str = "\u{e2d8}";
/// `link`
pub const LINK: &str = "\u{e2e2}";
/// `link-break`
pub const LINK_BREAK: &str = "\u{e2e4}";
/// `list`
pub const LIST: &str = "\u{e2f0}";
/// `list-bullets`
pub const LIST_BULLETS: &str = "\u{e2f2}";
/// `magnifying-glass`
pub const MAGNIFYING_GLASS: &str = "\u{e30c}";
/// `monitor`
pub const MONITOR: &str = "\u{e32e}";
/// `moon`
pub const MOON: &str = "\u{e330}";
/// `note-pencil`
pub const NOTE_PENCIL: &str = "\u{e34c}";
/// `paper-plane-tilt`
pub const PAPER_PLANE_TILT: &str = "\u{e398}";
/// `pause`
pub const PAUSE: &str = "\u{e39e}";
/// `pencil-simple`
pub const PENCIL_SIMPLE: &str = "\u{e3b4}";
/// `play`
pub const PLAY: &str = "\u{e3d0}";
/// `plug`
pub const PLUG: &str = "\u{e946}";
/// `plugs`
pub const PLUGS: &str = "\u{eb56}";
/// `plus`
pub const PLUS: &str = "\u{e3d4}";
/// `pulse`
pub const PULSE: &str = "\u{e000}";
/// `push-pin`
pub const PUSH_PIN: &str = "\u{e3e2}";
/// `rows`
pub const ROWS: &str = "\u{e5a2}";
/// `shield-warning`
pub const SHIELD_WARNING: &str = "\u{e412}";
/// `stack`
pub const STACK: &str = "\u{e466}";
/// `stethoscope`
pub const STETHOSCOPE: &str = "\u{e7ea}";
/// `sun`
pub const SUN: &str = "\u{e472}";
/// `trash`
pub const TRASH: &str = "\u{e4a6}";
/// `warning`
pub const WARNING: &str = "\u{e4e0}";
/// `x`
pub const X: &str = "\u{e4f6}";
/// `x-circle`
pub const X_CIRCLE: &str = "\u{e4f8}";
