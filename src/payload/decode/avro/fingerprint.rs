//! The fingerprint that a single object names its schema by (Parsing Canonical Form, Schema Fingerprints).
//!
//! Of our own: apache-avro 0.22 leaves `precision` and `scale` in the canonical form and does not pass a namespace on to
//! the types inside, so that its fingerprints are not those of other writers.

use serde_json::{Map, Value};

const PRIMITIVES: [&str; 8] = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"];

/// The CRC-64-AVRO of a schema's canonical form, the low byte first.
pub(super) fn fingerprint(schema: &Value) -> [u8; 8] {
    rabin(canonical(schema, "").as_bytes()).to_le_bytes()
}

/// A schema without what does not change how values are written.
fn canonical(schema: &Value, namespace: &str) -> String {
    match schema {
        Value::String(name) => quoted(&full_name(name, namespace)),
        Value::Array(variants) => list(variants, namespace),
        Value::Object(members) => object(members, namespace),
        other => other.to_string(),
    }
}

fn list(schemas: &[Value], namespace: &str) -> String {
    let schemas: Vec<String> = schemas.iter().map(|schema| canonical(schema, namespace)).collect();
    format!("[{}]", schemas.join(","))
}

fn object(members: &Map<String, Value>, namespace: &str) -> String {
    let text = |key: &str| members.get(key).and_then(Value::as_str);
    let kind = text("type").unwrap_or_default();
    if PRIMITIVES.contains(&kind) {
        return quoted(kind);
    }
    let is_named = matches!(kind, "record" | "error" | "enum" | "fixed");
    let own = text("namespace").unwrap_or(namespace);
    let name = full_name(text("name").unwrap_or_default(), own);
    let inner = name.rsplit_once('.').map_or("", |(namespace, _)| namespace);
    let namespace = if is_named { inner } else { namespace };
    let mut parts = Vec::new();
    if is_named {
        parts.push(format!("\"name\":{}", quoted(&name)));
    }
    match members.get("type") {
        Some(Value::String(kind)) => parts.push(format!("\"type\":{}", quoted(kind))),
        // A schema around another one says nothing.
        Some(inside) => return canonical(inside, namespace),
        None => {}
    }
    if let Some(Value::Array(fields)) = members.get("fields") {
        let field = |field: &Value| {
            let name = field.get("name").and_then(Value::as_str).unwrap_or_default();
            let schema = field.get("type").unwrap_or(&Value::Null);
            format!("{{\"name\":{},\"type\":{}}}", quoted(name), canonical(schema, namespace))
        };
        let fields: Vec<String> = fields.iter().map(field).collect();
        parts.push(format!("\"fields\":[{}]", fields.join(",")));
    }
    if let Some(symbols) = members.get("symbols") {
        parts.push(format!("\"symbols\":{symbols}"));
    }
    for key in ["items", "values"] {
        if let Some(schema) = members.get(key) {
            parts.push(format!("\"{key}\":{}", canonical(schema, namespace)));
        }
    }
    if let Some(size) = members.get("size") {
        parts.push(format!("\"size\":{}", size.as_str().map_or_else(|| size.to_string(), str::to_owned)));
    }
    format!("{{{}}}", parts.join(","))
}

fn full_name(name: &str, namespace: &str) -> String {
    if namespace.is_empty() || name.contains('.') || PRIMITIVES.contains(&name) {
        return name.to_owned();
    }
    format!("{namespace}.{name}")
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Rabin's fingerprint with the polynomial of the specification.
fn rabin(bytes: &[u8]) -> u64 {
    const EMPTY: u64 = 0xC15D_213A_A4D7_A795;
    bytes.iter().fold(EMPTY, |print, byte| {
        let mixed = (0..8).fold((print ^ u64::from(*byte)) & 0xFF, |bits, _| {
            (bits >> 1) ^ (EMPTY & (bits & 1).wrapping_neg())
        });
        print >> 8 ^ mixed
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(schema: &str) -> (String, String) {
        let schema: Value = serde_json::from_str(schema).unwrap();
        (canonical(&schema, ""), data_encoding::HEXLOWER.encode(&fingerprint(&schema)))
    }

    /// The canonical form and the fingerprint that fastavro 1.13 gives.
    #[test]
    fn other_writers_have_the_same_fingerprints() {
        assert_eq!(of("\"int\"").1, "8f5c393f1ad57572");
        assert_eq!(of("{\"type\":\"string\",\"avro.java.string\":\"String\"}").1, "c70345637248018f");
        let (form, print) = of(include_str!("../../../../tests/data/schemas/reading.avsc"));
        let expected = concat!(
            r#"{"name":"plant.Reading","type":"record","fields":[{"name":"temperature","type":"double"},"#,
            r#"{"name":"running","type":"boolean"},{"name":"counter","type":"long"},"#,
            r#"{"name":"name","type":["null","string"]},{"name":"unit","type":{"name":"plant.Unit","type":"enum","#,
            r#""symbols":["UNKNOWN","CELSIUS","BAR"]}},{"name":"at","type":"long"},{"name":"price","type":"bytes"},"#,
            r#"{"name":"samples","type":{"type":"array","items":"int"}},"#,
            r#"{"name":"limits","type":{"type":"map","values":"float"}}]}"#,
        );
        assert_eq!((form.as_str(), print.as_str()), (expected, "77e20796e6327dfc"));
    }
}
