//! Files of certificates and keys.

use crate::mqtt::failure::FileCause;
use crate::words::Language;
use crate::words::language::say;

const BYTES_PER_MIB: u64 = 1024 * 1024;

pub(super) fn file(cause: &FileCause, l: Language) -> String {
    let text = match cause {
        FileCause::Missing => l.pick("there is no such file", "没有这个文件"),
        FileCause::NotPermitted => l.pick("the system does not permit reading it", "系统不允许读取它"),
        FileCause::Folder => l.pick("it is a folder", "它是一个文件夹"),
        FileCause::Unreadable(text) | FileCause::Refused(text) => text,
        FileCause::Empty => l.pick("it is empty", "它是空的"),
        FileCause::TooLarge { bytes_max } => {
            let mib = bytes_max / BYTES_PER_MIB;
            return say!(l, "it is larger than {mib} MiB", "它大于 {mib} MiB");
        }
        FileCause::DamagedPem(text) => {
            return say!(l, "it is damaged PEM: {text}", "其 PEM 内容已损坏：{text}");
        }
        FileCause::UnknownFormat => l.pick(
            "it is neither PEM nor a certificate or key in DER or PKCS#12",
            "它既不是 PEM，也不是 DER 或 PKCS#12 格式的证书或私钥",
        ),
        FileCause::NoCertificate => l.pick("there is no certificate in it", "其中没有证书"),
        FileCause::InvalidCertificate(None) => l.pick("a certificate in it is not valid", "其中的证书无效"),
        FileCause::InvalidCertificate(Some(text)) => {
            return say!(l, "a certificate in it is not valid: {text}", "其中的证书无效：{text}");
        }
        FileCause::NoKey => l.pick("there is no private key in it", "其中没有私钥"),
        FileCause::UnusableKey(text) => {
            return say!(l, "the key cannot be used: {text}", "该私钥无法使用：{text}");
        }
        FileCause::OtherKey(certificate) => {
            let path = certificate.display();
            return say!(
                l,
                "the key does not belong to the certificate {path}",
                "该私钥与证书 {path} 不匹配"
            );
        }
        FileCause::OpenSshKey => {
            l.pick("it is an OpenSSH key, which TLS does not know", "它是 OpenSSH 的私钥，TLS 不支持")
        }
        FileCause::NoPassphrase => {
            l.pick("it is encrypted, and there is no passphrase", "它已加密，但没有填写口令")
        }
        FileCause::WrongPassphrase => l.pick("the passphrase is wrong", "口令错误"),
        FileCause::OldEncryption => l.pick(
            "it is encrypted in an old way that is not supported here",
            "它使用了本程序不支持的旧加密方式",
        ),
        FileCause::Pkcs12Encryption => l.pick(
            "it is a PKCS#12 file with an encryption that is not supported here",
            "它是 PKCS#12 文件，其加密方式不受本程序支持",
        ),
        FileCause::NoAuthorities(None) => {
            l.pick("the system has no certificate authorities", "系统中没有证书颁发机构")
        }
        FileCause::NoAuthorities(Some(text)) => {
            return say!(
                l,
                "no certificate authority of the system could be read: {text}",
                "无法读取系统的任何证书颁发机构：{text}"
            );
        }
    };
    text.to_owned()
}
