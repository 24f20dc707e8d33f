//! The causes of a failed SCRAM authentication (RFC 5802).

/// Why SCRAM failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScramCause {
    /// The system has no random numbers.
    NoRandomNumbers,
    /// The broker's challenge lacks this field.
    FieldMissing(ScramField),
    /// The salt is not base64.
    Salt,
    /// The broker's nonce does not continue ours.
    Nonce,
    /// The broker asks for an unacceptable number of iterations.
    Iterations {
        /// The number asked for.
        asked: String,
        /// The smallest acceptable number.
        min: u32,
        /// The largest acceptable number.
        max: u32,
    },
    /// The broker's answer is not UTF-8.
    NotUtf8,
    /// The broker continues after the end.
    AfterEnd,
    /// The broker skipped its challenge.
    NoChallenge,
    /// The broker gives its own reason.
    Error(String),
    /// The broker's final message has no signature.
    NoSignature,
    /// The broker's signature is wrong.
    WrongSignature,
    /// The broker did not prove its identity.
    NoProof,
}

/// A field of the broker's challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScramField {
    /// The `r=` field.
    Nonce,
    /// The `s=` field.
    Salt,
    /// The `i=` field.
    Iterations,
}
