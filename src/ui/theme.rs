//! Fonts and styles, made from the tokens once at start. Called by whoever creates the egui context: the window
//! and the tests.

use std::sync::Arc;

use eframe::egui::{
    self, Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Stroke,
    Style, TextStyle, Theme, Visuals,
};

use crate::ui::tokens::{DARK, DISABLED_ALPHA, HIGH_CONTRAST, LIGHT, Tokens, size};

const INTER: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");
const INTER_SEMIBOLD: &[u8] = include_bytes!("../../assets/fonts/Inter-SemiBold.otf");
const JETBRAINS_MONO: &[u8] = include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf");
const PHOSPHOR: &[u8] = include_bytes!("../../assets/icons/Phosphor.ttf");

/// How long something takes to open or to light up.
pub const ANIMATION_SECONDS: f32 = 0.08;
/// Family of titles.
pub const STRONG: &str = "strong";
/// Family of the icon font.
pub const ICONS: &str = "icons";

/// Installs fonts and both themes. `Context::set_theme` chooses between them.
pub fn install(ctx: &Context) {
    ctx.set_fonts(fonts());
    ctx.set_style_of(Theme::Dark, style(&DARK, true));
    ctx.set_style_of(Theme::Light, style(&LIGHT, false));
    ctx.options_mut(|options| options.fallback_theme = Theme::Dark);
}

/// Draws the dark theme with the strongest contrast, or as usual.
pub fn set_high_contrast(ctx: &Context, is_high: bool) {
    let tokens = if is_high { &HIGH_CONTRAST } else { &DARK };
    ctx.set_style_of(Theme::Dark, style(tokens, true));
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let files = [
        ("inter", INTER),
        ("inter-semibold", INTER_SEMIBOLD),
        ("mono", JETBRAINS_MONO),
        ("phosphor", PHOSPHOR),
    ];
    for (name, bytes) in files {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    // Each family falls back to the others, so that a character that any of them has is never a box.
    let families = [
        (FontFamily::Proportional, ["inter", "mono", "phosphor"]),
        (FontFamily::Monospace, ["mono", "inter", "phosphor"]),
        (FontFamily::Name(STRONG.into()), ["inter-semibold", "mono", "phosphor"]),
        (FontFamily::Name(ICONS.into()), ["phosphor", "inter", "mono"]),
    ];
    for (family, names) in families {
        fonts.families.insert(family, names.map(str::to_owned).to_vec());
    }
    fonts
}

/// Text of the interface.
pub fn text_font() -> FontId {
    FontId::new(size::TEXT, FontFamily::Proportional)
}

/// Small text.
pub fn small_font() -> FontId {
    FontId::new(size::SMALL, FontFamily::Proportional)
}

/// Topics, payloads and numbers.
pub fn mono_font() -> FontId {
    FontId::new(size::TEXT, FontFamily::Monospace)
}

/// Small topics, payloads and numbers.
pub fn mono_small_font() -> FontId {
    FontId::new(size::SMALL, FontFamily::Monospace)
}

/// Titles of panels.
pub fn title_font() -> FontId {
    FontId::new(size::TITLE, FontFamily::Name(STRONG.into()))
}

/// Emphasis inside text.
pub fn strong_font() -> FontId {
    FontId::new(size::TEXT, FontFamily::Name(STRONG.into()))
}

/// Titles of pages.
pub fn page_font() -> FontId {
    FontId::new(size::PAGE, FontFamily::Name(STRONG.into()))
}

/// Icons beside text.
pub fn icon_font() -> FontId {
    FontId::new(size::ICON, FontFamily::Name(ICONS.into()))
}

fn style(t: &Tokens, dark: bool) -> Style {
    let mut style = Style { visuals: visuals(t, dark), ..Style::default() };
    style.text_styles = [
        (TextStyle::Small, small_font()),
        (TextStyle::Body, text_font()),
        (TextStyle::Button, text_font()),
        (TextStyle::Monospace, mono_font()),
        (TextStyle::Heading, title_font()),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = egui::vec2(8.0, 4.0);
    spacing.button_padding = egui::vec2(8.0, 3.0);
    spacing.interact_size = egui::vec2(28.0, 24.0);
    spacing.menu_margin = Margin::same(4);
    spacing.window_margin = Margin::same(16);
    spacing.icon_width = 16.0;
    spacing.icon_width_inner = 10.0;
    spacing.icon_spacing = 8.0;
    spacing.combo_width = 96.0;
    spacing.tooltip_width = 420.0;
    style.interaction.tooltip_delay = 0.4;
    // Text is selected where it is meant to be (payloads, the topic, the log), not on every label.
    style.interaction.selectable_labels = false;
    style.animation_time = ANIMATION_SECONDS;
    style
}

fn visuals(t: &Tokens, dark: bool) -> Visuals {
    let mut v = if dark { Visuals::dark() } else { Visuals::light() };
    let radius = CornerRadius::same(size::RADIUS);
    let none = Stroke::NONE;
    v.weak_text_color = Some(t.text_muted);
    v.panel_fill = t.surface_1;
    v.window_fill = t.surface_1;
    v.window_stroke = Stroke::new(1.0, t.line);
    v.window_corner_radius = CornerRadius::same(8);
    v.menu_corner_radius = CornerRadius::same(6);
    v.extreme_bg_color = t.surface_2;
    v.text_edit_bg_color = Some(t.surface_2);
    v.code_bg_color = t.surface_2;
    v.faint_bg_color = t.surface_2;
    v.hyperlink_color = t.accent;
    v.warn_fg_color = t.warn;
    v.error_fg_color = t.error;
    v.selection.bg_fill = t.chosen;
    // The colour of text that is selected or chosen; the ring of a text field is `ui::widgets::field`'s.
    v.selection.stroke = Stroke::new(1.5, t.text);
    v.striped = false;
    v.indent_has_left_vline = false;
    v.slider_trailing_fill = true;
    v.disabled_alpha = DISABLED_ALPHA;

    let states = [
        (&mut v.widgets.noninteractive, Color32::TRANSPARENT, Stroke::new(1.0, t.line), t.text),
        (&mut v.widgets.inactive, t.surface_2, Stroke::new(1.0, t.line), t.text),
        (&mut v.widgets.hovered, t.surface_3, Stroke::new(1.0, t.text_faint), t.text),
        // egui draws a focused widget in its active state, so this stroke is the focus ring.
        (&mut v.widgets.active, t.surface_3, Stroke::new(1.5, t.accent), t.text),
        (&mut v.widgets.open, t.surface_3, Stroke::new(1.0, t.line), t.text),
    ];
    for (state, fill, stroke, text) in states {
        state.bg_fill = fill;
        state.weak_bg_fill = fill;
        state.bg_stroke = stroke;
        state.fg_stroke = Stroke::new(1.0, text);
        state.corner_radius = radius;
        state.expansion = 0.0;
    }
    v.widgets.noninteractive.bg_fill = t.surface_1;
    v.widgets.inactive.bg_stroke = none;
    v.window_shadow.color = Color32::from_black_alpha(if dark { 110 } else { 40 });
    v.popup_shadow.color = Color32::from_black_alpha(if dark { 90 } else { 30 });
    v
}
