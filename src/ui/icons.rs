//! The icons of the interface, as characters of `assets/icons/Phosphor.ttf`.
//!
//! Written by `scripts/make-fonts` from its list of names: add an icon there, not here.

/// `arrow-clockwise`
pub const ARROW_CLOCKWISE: &str = "\u{e036}";
/// `arrow-down`
pub const ARROW_DOWN: &str = "\u{e03e}";
/// `arrow-left`
pub const ARROW_LEFT: &str = "\u{e058}";
/// `arrow-right`
pub const ARROW_RIGHT: &str = "\u{e06c}";
/// `arrow-square-out`
pub const ARROW_SQUARE_OUT: &str = "\u{e5de}";
/// `arrow-u-up-left`
pub const ARROW_U_UP_LEFT: &str = "\u{e08a}";
/// `arrow-up`
pub const ARROW_UP: &str = "\u{e08e}";
/// `arrows-clockwise`
pub const ARROWS_CLOCKWISE: &str = "\u{e094}";
/// `arrows-in`
pub const ARROWS_IN: &str = "\u{e09a}";
/// `arrows-in-line-vertical`
pub const ARROWS_IN_LINE_VERTICAL: &str = "\u{e532}";
/// `arrows-out`
pub const ARROWS_OUT: &str = "\u{e0a2}";
/// `arrows-out-line-vertical`
pub const ARROWS_OUT_LINE_VERTICAL: &str = "\u{e536}";
/// `asterisk`
pub const ASTERISK: &str = "\u{e0aa}";
/// `bell`
pub const BELL: &str = "\u{e0ce}";
/// `binary`
pub const BINARY: &str = "\u{ee60}";
/// `bookmark-simple`
pub const BOOKMARK_SIMPLE: &str = "\u{e0ea}";
/// `brackets-curly`
pub const BRACKETS_CURLY: &str = "\u{e860}";
/// `broadcast`
pub const BROADCAST: &str = "\u{e0f2}";
/// `broom`
pub const BROOM: &str = "\u{ec54}";
/// `caret-double-down`
pub const CARET_DOUBLE_DOWN: &str = "\u{e126}";
/// `caret-double-right`
pub const CARET_DOUBLE_RIGHT: &str = "\u{e12a}";
/// `caret-down`
pub const CARET_DOWN: &str = "\u{e136}";
/// `caret-left`
pub const CARET_LEFT: &str = "\u{e138}";
/// `caret-right`
pub const CARET_RIGHT: &str = "\u{e13a}";
/// `caret-up`
pub const CARET_UP: &str = "\u{e13c}";
/// `caret-up-down`
pub const CARET_UP_DOWN: &str = "\u{e140}";
/// `certificate`
pub const CERTIFICATE: &str = "\u{e766}";
/// `chart-line`
pub const CHART_LINE: &str = "\u{e154}";
/// `chart-line-up`
pub const CHART_LINE_UP: &str = "\u{e156}";
/// `check`
pub const CHECK: &str = "\u{e182}";
/// `check-circle`
pub const CHECK_CIRCLE: &str = "\u{e184}";
/// `circle`
pub const CIRCLE: &str = "\u{e18a}";
/// `circle-dashed`
pub const CIRCLE_DASHED: &str = "\u{e602}";
/// `circle-half`
pub const CIRCLE_HALF: &str = "\u{e18c}";
/// `circle-notch`
pub const CIRCLE_NOTCH: &str = "\u{eb44}";
/// `clock`
pub const CLOCK: &str = "\u{e19a}";
/// `clock-counter-clockwise`
pub const CLOCK_COUNTER_CLOCKWISE: &str = "\u{e1a0}";
/// `cloud`
pub const CLOUD: &str = "\u{e1aa}";
/// `columns`
pub const COLUMNS: &str = "\u{e546}";
/// `command`
pub const COMMAND: &str = "\u{e1c4}";
/// `copy`
pub const COPY: &str = "\u{e1ca}";
/// `corners-out`
pub const CORNERS_OUT: &str = "\u{e1d0}";
/// `cpu`
pub const CPU: &str = "\u{e610}";
/// `crosshair`
pub const CROSSHAIR: &str = "\u{e1d6}";
/// `database`
pub const DATABASE: &str = "\u{e1de}";
/// `dots-six-vertical`
pub const DOTS_SIX_VERTICAL: &str = "\u{eae2}";
/// `dots-three`
pub const DOTS_THREE: &str = "\u{e1fe}";
/// `dots-three-vertical`
pub const DOTS_THREE_VERTICAL: &str = "\u{e208}";
/// `download-simple`
pub const DOWNLOAD_SIMPLE: &str = "\u{e20c}";
/// `eraser`
pub const ERASER: &str = "\u{e21e}";
/// `export`
pub const EXPORT: &str = "\u{eaf0}";
/// `eye`
pub const EYE: &str = "\u{e220}";
/// `eye-slash`
pub const EYE_SLASH: &str = "\u{e224}";
/// `fast-forward`
pub const FAST_FORWARD: &str = "\u{e6a6}";
/// `file`
pub const FILE: &str = "\u{e230}";
/// `flag`
pub const FLAG: &str = "\u{e244}";
/// `floppy-disk`
pub const FLOPPY_DISK: &str = "\u{e248}";
/// `folder`
pub const FOLDER: &str = "\u{e24a}";
/// `folder-open`
pub const FOLDER_OPEN: &str = "\u{e256}";
/// `funnel`
pub const FUNNEL: &str = "\u{e266}";
/// `gauge`
pub const GAUGE: &str = "\u{e628}";
/// `gear`
pub const GEAR: &str = "\u{e270}";
/// `git-diff`
pub const GIT_DIFF: &str = "\u{e27c}";
/// `globe`
pub const GLOBE: &str = "\u{e288}";
/// `hash`
pub const HASH: &str = "\u{e2a2}";
/// `house`
pub const HOUSE: &str = "\u{e2c2}";
/// `identification-card`
pub const IDENTIFICATION_CARD: &str = "\u{e2c8}";
/// `image`
pub const IMAGE: &str = "\u{e2ca}";
/// `info`
pub const INFO: &str = "\u{e2ce}";
/// `key`
pub const KEY: &str = "\u{e2d6}";
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
/// `lock`
pub const LOCK: &str = "\u{e2fa}";
/// `lock-open`
pub const LOCK_OPEN: &str = "\u{e306}";
/// `magnifying-glass`
pub const MAGNIFYING_GLASS: &str = "\u{e30c}";
/// `minus`
pub const MINUS: &str = "\u{e32a}";
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
/// `plugs-connected`
pub const PLUGS_CONNECTED: &str = "\u{eb5a}";
/// `plus`
pub const PLUS: &str = "\u{e3d4}";
/// `prohibit`
pub const PROHIBIT: &str = "\u{e3de}";
/// `pulse`
pub const PULSE: &str = "\u{e000}";
/// `push-pin`
pub const PUSH_PIN: &str = "\u{e3e2}";
/// `question`
pub const QUESTION: &str = "\u{e3e8}";
/// `ranking`
pub const RANKING: &str = "\u{ed62}";
/// `record`
pub const RECORD: &str = "\u{e3ee}";
/// `rewind`
pub const REWIND: &str = "\u{e6a8}";
/// `rows`
pub const ROWS: &str = "\u{e5a2}";
/// `shield-check`
pub const SHIELD_CHECK: &str = "\u{e40c}";
/// `shield-warning`
pub const SHIELD_WARNING: &str = "\u{e412}";
/// `sidebar-simple`
pub const SIDEBAR_SIMPLE: &str = "\u{ec24}";
/// `skip-forward`
pub const SKIP_FORWARD: &str = "\u{e5a6}";
/// `sliders-horizontal`
pub const SLIDERS_HORIZONTAL: &str = "\u{e434}";
/// `sort-ascending`
pub const SORT_ASCENDING: &str = "\u{e444}";
/// `sort-descending`
pub const SORT_DESCENDING: &str = "\u{e446}";
/// `square-split-horizontal`
pub const SQUARE_SPLIT_HORIZONTAL: &str = "\u{e870}";
/// `stack`
pub const STACK: &str = "\u{e466}";
/// `star`
pub const STAR: &str = "\u{e46a}";
/// `stethoscope`
pub const STETHOSCOPE: &str = "\u{e7ea}";
/// `stop`
pub const STOP: &str = "\u{e46c}";
/// `sun`
pub const SUN: &str = "\u{e472}";
/// `tag`
pub const TAG: &str = "\u{e478}";
/// `terminal`
pub const TERMINAL: &str = "\u{e47e}";
/// `terminal-window`
pub const TERMINAL_WINDOW: &str = "\u{eae8}";
/// `text-aa`
pub const TEXT_AA: &str = "\u{e6ee}";
/// `text-align-left`
pub const TEXT_ALIGN_LEFT: &str = "\u{e484}";
/// `timer`
pub const TIMER: &str = "\u{e492}";
/// `translate`
pub const TRANSLATE: &str = "\u{e4a2}";
/// `trash`
pub const TRASH: &str = "\u{e4a6}";
/// `tree-structure`
pub const TREE_STRUCTURE: &str = "\u{e67c}";
/// `tree-view`
pub const TREE_VIEW: &str = "\u{ee48}";
/// `upload-simple`
pub const UPLOAD_SIMPLE: &str = "\u{e4c0}";
/// `user`
pub const USER: &str = "\u{e4c2}";
/// `warning`
pub const WARNING: &str = "\u{e4e0}";
/// `warning-circle`
pub const WARNING_CIRCLE: &str = "\u{e4e2}";
/// `wifi-high`
pub const WIFI_HIGH: &str = "\u{e4ea}";
/// `wifi-slash`
pub const WIFI_SLASH: &str = "\u{e4f2}";
/// `wrench`
pub const WRENCH: &str = "\u{e5d4}";
/// `x`
pub const X: &str = "\u{e4f6}";
/// `x-circle`
pub const X_CIRCLE: &str = "\u{e4f8}";
