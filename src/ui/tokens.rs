//! Every colour and measure of the window, by role. Nothing else in the program names a colour.

use eframe::egui::{Color32, Ui};

/// The colours of one theme. `text` and `text_muted` have a contrast of at least 4.5 : 1 on every surface, and so
/// have the states and the JSON hues on the surfaces they are drawn on (a test computes it).
#[derive(Debug)]
pub struct Tokens {
    /// Behind the panels: gaps, the tab bar.
    pub surface_0: Color32,
    /// Panels.
    pub surface_1: Color32,
    /// Fields, headers, hovered rows.
    pub surface_2: Color32,
    /// Hovered buttons, pressed rows.
    pub surface_3: Color32,
    /// What is read first.
    pub text: Color32,
    /// Labels, counts, times.
    pub text_muted: Color32,
    /// Indent guides, disabled marks, placeholders: never the only carrier of a meaning.
    pub text_faint: Color32,
    /// Hairlines.
    pub line: Color32,
    /// Selection, focus and the primary button; nothing else.
    pub accent: Color32,
    /// Text on `accent`.
    pub on_accent: Color32,
    /// Behind the selected row: the accent at 16 %, on `surface_1`.
    pub selection: Color32,
    /// Connected, valid.
    pub ok: Color32,
    /// Needs a look.
    pub warn: Color32,
    /// Failed, refused, unsafe.
    pub error: Color32,
    /// A value that has just changed.
    pub flash: Color32,
    /// Behind a match of the search.
    pub highlight: Color32,
    /// JSON strings.
    pub json_string: Color32,
    /// JSON numbers.
    pub json_number: Color32,
    /// JSON true and false.
    pub json_bool: Color32,
    /// JSON null.
    pub json_null: Color32,
    /// Behind an added line of a diff.
    pub diff_added: Color32,
    /// Behind a removed line of a diff.
    pub diff_removed: Color32,
    /// Okabe and Ito's series colours, in the order that series are added.
    pub series: [Color32; 7],
}

const fn rgb(hex: u32) -> Color32 {
    #[expect(clippy::disallowed_methods, reason = "the one place where colours are made")]
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// Dark theme.
pub static DARK: Tokens = Tokens {
    surface_0: rgb(0x11_16_18),
    surface_1: rgb(0x17_1d_20),
    surface_2: rgb(0x20_28_2c),
    surface_3: rgb(0x2a_34_39),
    text: rgb(0xe3_e9_eb),
    text_muted: rgb(0xa0_ae_b5),
    text_faint: rgb(0x61_70_77),
    line: rgb(0x2c_36_3b),
    accent: rgb(0x2f_b8_9d),
    on_accent: rgb(0x06_1f_1a),
    selection: rgb(0x1b_36_34),
    ok: rgb(0x54_c0_8a),
    warn: rgb(0xe0_ac_4a),
    error: rgb(0xf4_83_7a),
    flash: rgb(0xd6_b2_3f),
    highlight: rgb(0x5c_4d_14),
    json_string: rgb(0x9c_cf_a0),
    json_number: rgb(0x8f_bf_f2),
    json_bool: rgb(0xe0_b0_7e),
    json_null: rgb(0xb7_a6_d9),
    diff_added: rgb(0x16_3a_2a),
    diff_removed: rgb(0x46_22_22),
    series: [
        rgb(0x56_b4_e9),
        rgb(0xe6_9f_00),
        rgb(0x00_b0_86),
        rgb(0xcc_79_a7),
        rgb(0xf0_e4_42),
        rgb(0xe0_6a_20),
        rgb(0x4a_90_d0),
    ],
};

/// Light theme.
pub static LIGHT: Tokens = Tokens {
    surface_0: rgb(0xed_f0_f1),
    surface_1: rgb(0xfb_fc_fc),
    surface_2: rgb(0xe5_ea_ec),
    surface_3: rgb(0xd9_e0_e3),
    text: rgb(0x1a_22_26),
    text_muted: rgb(0x51_5e_65),
    text_faint: rgb(0x93_a0_a7),
    line: rgb(0xd6_dd_e0),
    accent: rgb(0x08_6f_5d),
    on_accent: rgb(0xff_ff_ff),
    selection: rgb(0xd9_e9_e7),
    ok: rgb(0x17_6b_43),
    warn: rgb(0x80_54_00),
    error: rgb(0xac_24_1c),
    flash: rgb(0xe3_b5_1c),
    highlight: rgb(0xfb_e5_94),
    json_string: rgb(0x1f_6b_3a),
    json_number: rgb(0x1c_58_a8),
    json_bool: rgb(0x8f_4a_0e),
    json_null: rgb(0x68_4a_9e),
    diff_added: rgb(0xd3_ee_dc),
    diff_removed: rgb(0xf8_da_d7),
    series: [
        rgb(0x00_72_b2),
        rgb(0xb8_74_00),
        rgb(0x00_8a_66),
        rgb(0xb0_4f_85),
        rgb(0x8a_7e_00),
        rgb(0xc4_4e_00),
        rgb(0x2b_80_b8),
    ],
};

/// The tokens of the theme that `ui` is drawn in.
pub fn tokens(ui: &Ui) -> &'static Tokens {
    if ui.visuals().dark_mode { &DARK } else { &LIGHT }
}

/// Sizes on the 4 px grid, in points.
pub mod size {
    /// Top bar.
    pub const TOP_BAR: f32 = 40.0;
    /// Status bar.
    pub const STATUS_BAR: f32 = 24.0;
    /// Header line of a panel.
    pub const PANEL_HEADER: f32 = 32.0;
    /// Space inside a panel's edge.
    pub const PADDING: f32 = 8.0;
    /// Space between groups.
    pub const GROUP: f32 = 12.0;
    /// Space between sections.
    pub const SECTION: f32 = 16.0;
    /// Indent of one tree level.
    pub const INDENT: f32 = 16.0;
    /// Corner radius.
    pub const RADIUS: u8 = 4;
    /// Icons.
    pub const ICON: f32 = 16.0;
    /// Small text.
    pub const SMALL: f32 = 12.0;
    /// Text.
    pub const TEXT: f32 = 13.0;
    /// Panel titles.
    pub const TITLE: f32 = 15.0;
    /// Page titles.
    pub const PAGE: f32 = 20.0;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance(color: Color32) -> f64 {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(color.r()) + 0.7152 * channel(color.g()) + 0.0722 * channel(color.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_stands_out_from_what_it_is_drawn_on() {
        for (theme, t) in [("dark", &DARK), ("light", &LIGHT)] {
            let surfaces = [t.surface_0, t.surface_1, t.surface_2, t.surface_3, t.selection];
            for (name, color) in [("text", t.text), ("text_muted", t.text_muted)] {
                for (index, surface) in surfaces.iter().enumerate() {
                    let ratio = contrast(color, *surface);
                    assert!(ratio >= 4.5, "{theme}: {name} on surface {index}: {ratio:.2}");
                }
            }
            let states = [("ok", t.ok), ("warn", t.warn), ("error", t.error), ("accent", t.accent)];
            let json = [
                ("string", t.json_string),
                ("number", t.json_number),
                ("bool", t.json_bool),
                ("null", t.json_null),
            ];
            for (name, color) in states.into_iter().chain(json) {
                for surface in [t.surface_0, t.surface_1, t.surface_2, t.selection] {
                    let ratio = contrast(color, surface);
                    assert!(ratio >= 4.5, "{theme}: {name}: {ratio:.2}");
                }
            }
            for surface in [t.highlight, t.diff_added, t.diff_removed] {
                let ratio = contrast(t.text, surface);
                assert!(ratio >= 4.5, "{theme}: text on a marked background: {ratio:.2}");
            }
            assert!(contrast(t.on_accent, t.accent) >= 4.5, "{theme}: text on the primary button");
            for (index, color) in t.series.iter().enumerate() {
                let ratio = contrast(*color, t.surface_1);
                assert!(ratio >= 3.0, "{theme}: series {index}: {ratio:.2}");
            }
        }
    }
}
