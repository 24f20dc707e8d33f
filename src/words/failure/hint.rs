//! What may help.

use crate::mqtt::failure::Hint;
use crate::mqtt::step::Step;
use crate::words::Language;
use crate::words::format::{count, plural};
use crate::words::language::say;
use crate::words::reason;

#[expect(clippy::too_many_lines, reason = "a table with a row for each hint")]
pub(super) fn hint(hint: Hint, step: &Step, l: Language) -> String {
    let text = match hint {
        Hint::EditConnection => l.pick("Edit the connection.", "编辑此连接。"),
        Hint::RunAgain => l.pick("Run it again; the program's log may say more.", "重新运行；程序日志中可能有更多信息。"),
        Hint::BrokerLog => l.pick("The broker's log may say more.", "服务器日志中可能有更多信息。"),
        Hint::Broken => l.pick("The broker or something between is broken.", "服务器或中间的某个环节有故障。"),
        Hint::BrokenOrLog => l.pick("The broker or something between is broken; its log may say more.", "服务器或中间的某个环节有故障；其日志中可能有更多信息。"),
        Hint::CheckHost => l.pick("Check the spelling of the host and the network connection, or use the broker's IP address.", "检查主机名的拼写和网络连接，或改用服务器的 IP 地址。"),
        Hint::CheckNameServer => l.pick("Check the network connection and the name server, or use the broker's IP address.", "检查网络连接和 DNS 服务器，或改用服务器的 IP 地址。"),
        Hint::CheckPort => l.pick("Check the host and the port, and whether a firewall stands between.", "检查主机和端口，以及中间是否有防火墙。"),
        Hint::CheckNetwork => l.pick("Check the network connection and the host.", "检查网络连接和主机。"),
        Hint::NothingListens => l.pick("Nothing listens on that port. Check the port, and whether the broker is running.", "没有程序在监听该端口。检查端口，以及服务器是否正在运行。"),
        Hint::LocalAddressSyntax => l.pick("Type an address of this computer, such as 192.0.2.1, or leave it empty.", "填写本机的地址，例如 192.0.2.1，或留空。"),
        Hint::LocalAddressFamily => l.pick("Leave the local address empty, or choose one of the other kind.", "将本地地址留空，或选择另一类地址。"),
        Hint::LocalAddressOfThisComputer => l.pick("The local address must be one of this computer; leave it empty to let the system choose.", "本地地址必须是本机的地址；留空则由系统选择。"),
        Hint::SocketPath => l.pick("Check the path, and whether the broker is running.", "检查路径，以及服务器是否正在运行。"),
        Hint::SocketLeftOver => l.pick("The file may be left over from a broker that has ended. Check whether it is running.", "该文件可能是已结束的服务器遗留下来的。检查服务器是否正在运行。"),
        Hint::SocketRights => l.pick("The file's rights, or those of its folder, decide who may use it.", "文件或其所在文件夹的权限决定谁可以使用它。"),
        Hint::SocketKind => l.pick("Check the path: it must be a socket, and no longer than about 100 characters.", "检查路径：它必须指向套接字，且不超过约 100 个字符。"),
        Hint::BrokerHangs => l.pick("The broker may hang, or take no more clients.", "服务器可能已停止响应，或不再接受客户端。"),
        Hint::UseTcp => l.pick("Choose the protocol mqtt and the broker's port.", "选择协议 mqtt 和服务器的端口。"),
        Hint::ProxyKindOrReach => l.pick("The proxy may not reach the broker, or speak another protocol: choose the other kind of proxy.", "代理可能无法访问服务器，或使用另一种协议：可选择另一类代理。"),
        Hint::ProxyNotHttp => l.pick("Check the proxy's host and port, and that it is an HTTP proxy: it may be one of SOCKS5.", "检查代理的主机和端口，并确认它是 HTTP 代理：它可能是 SOCKS5 代理。"),
        Hint::ProxyNotSocks5 => l.pick("Check the proxy's host and port, and that it is one of SOCKS5: it may be an HTTP proxy.", "检查代理的主机和端口，并确认它是 SOCKS5 代理：它可能是 HTTP 代理。"),
        Hint::ProxyLoginBasic => l.pick("Check both. Only basic authentication is supported here.", "检查用户名和密码。本程序仅支持基本认证。"),
        Hint::ProxyLogin => l.pick("Check both.", "检查用户名和密码。"),
        Hint::ProxyLoginMissing => l.pick("Type the proxy's user name and password.", "填写代理的用户名和密码。"),
        Hint::ProxyLoginUnwanted => l.pick("Leave the proxy's user name empty, if it lets everybody in.", "如果代理对所有人开放，可将其用户名留空。"),
        Hint::ProxyPort443 => l.pick("Many allow only port 443: use wss, or ask whoever runs the proxy.", "许多代理只允许 443 端口：可使用 wss，或询问代理的管理员。"),
        Hint::ProxyPorts => l.pick("Many allow only some ports; ask whoever runs the proxy.", "许多代理只允许部分端口；可询问代理的管理员。"),
        Hint::ProxyView => l.pick("Check the broker's host and port as the proxy sees them.", "从代理的角度检查服务器的主机和端口。"),
        Hint::ProxyMayBeWebServer => l.pick("It may be a plain web server. Check the proxy's host and port.", "它可能是普通的 Web 服务器。检查代理的主机和端口。"),
        Hint::ProxyMayBeNone => l.pick("It may not be a proxy. Check its host and port.", "它可能不是代理。检查其主机和端口。"),
        Hint::ProxyLog => l.pick("The proxy's log may say more.", "代理的日志中可能有更多信息。"),
        Hint::Socks5Login => l.pick("SOCKS5 needs both, and cannot send longer ones.", "SOCKS5 需要用户名和密码，且无法发送更长的内容。"),
        Hint::Socks5Host => l.pick("SOCKS5 cannot send longer ones.", "SOCKS5 无法发送更长的主机名。"),
        Hint::ProxyAddressKind => l.pick("Use the broker's name instead of its address, or the other way round.", "用服务器的主机名代替 IP 地址，或反过来。"),
        Hint::CheckDisk => l.pick("Check the disk that they are on.", "检查它们所在的磁盘。"),
        Hint::CaFormats => l.pick("Choose a PEM file, text that begins with -----BEGIN CERTIFICATE-----, or a certificate in DER.", "选择 PEM 文件（以 -----BEGIN CERTIFICATE----- 开头的文本）或 DER 格式的证书。"),
        Hint::InstallAuthorities => l.pick("Install the system's CA certificates (Debian: ca-certificates), or choose the broker's CA certificate.", "安装系统的 CA 证书（Debian：ca-certificates），或选择服务器的 CA 证书。"),
        Hint::FileFormats => l.pick("Choose a file in PEM, DER or PKCS#12.", "选择 PEM、DER 或 PKCS#12 格式的文件。"),
        Hint::TheseFormats => l.pick("Choose a file in one of these formats.", "选择上述格式之一的文件。"),
        Hint::CertificateFormats => l.pick("Choose a certificate in PEM or DER.", "选择 PEM 或 DER 格式的证书。"),
        Hint::CertificateAndKey => l.pick("Choose the certificate's file as client certificate, and the key's as client key.", "选择证书文件作为客户端证书，选择私钥文件作为客户端私钥。"),
        Hint::KeyFile => l.pick("Choose the file that begins with -----BEGIN PRIVATE KEY----- or is called .key.", "选择以 -----BEGIN PRIVATE KEY----- 开头或扩展名为 .key 的文件。"),
        Hint::ChooseKey => l.pick("Choose the key's file as client key.", "选择私钥文件作为客户端私钥。"),
        Hint::KeyKinds => l.pick("RSA keys of 2,048 to 8,192 bits, EC keys of P-256 or P-384 and Ed25519 keys work here.", "支持 2,048 到 8,192 位的 RSA 私钥、P-256 或 P-384 的 EC 私钥以及 Ed25519 私钥。"),
        Hint::KeyOfCertificate => l.pick("Choose the key with which the certificate was requested.", "选择申请该证书时使用的私钥。"),
        Hint::TypePassphrase => l.pick("Type the key's passphrase.", "填写私钥口令。"),
        Hint::RightPassphrase => l.pick("Type the passphrase with which the key was encrypted.", "填写加密该私钥时使用的口令。"),
        Hint::MayBePlain => l.pick("The port may not speak TLS: choose the protocol mqtt, or the TLS port (usually 8883).", "该端口可能不使用 TLS：可选择协议 mqtt，或 TLS 端口（通常为 8883）。"),
        Hint::UsePlain => l.pick("Choose the protocol mqtt, or the TLS port (usually 8883).", "选择协议 mqtt，或 TLS 端口（通常为 8883）。"),
        Hint::PlainMayWait => l.pick("Check the port: a broker that expects no TLS there may wait without an answer.", "检查端口：如果服务器在该端口不使用 TLS，可能会一直等待而不应答。"),
        Hint::SetServerName => l.pick("Check the host, or set a server name.", "检查主机，或设置服务器名称。"),
        Hint::OldCiphers => l.pick("The broker may be very old; its TLS settings need a cipher with AES-GCM or ChaCha20 and ECDHE.", "服务器可能非常旧；其 TLS 设置中需要有采用 ECDHE 和 AES-GCM 或 ChaCha20 的加密套件。"),
        Hint::TlsVersions => l.pick("TLS 1.2 and 1.3 are supported here.", "本程序支持 TLS 1.2 和 1.3。"),
        Hint::Alpn => l.pick("Leave ALPN empty, or use the name that the broker's documentation gives.", "将 ALPN 留空，或使用服务器文档中给出的名称。"),
        Hint::ChooseClientCertificate => l.pick("Choose a client certificate and its key.", "选择客户端证书及其私钥。"),
        Hint::ClientCertificateAuthority => l.pick("Choose a client certificate of an authority that the broker knows.", "选择由服务器信任的机构颁发的客户端证书。"),
        Hint::ClientCertificateAuthorityOrLog => l.pick("Choose one of an authority that the broker knows; its log may say more.", "选择由服务器信任的机构颁发的证书；服务器日志中可能有更多信息。"),
        Hint::NewerClientCertificate => l.pick("Choose a newer one. Check the clocks of both computers too.", "选择较新的证书，并检查两台计算机的时钟。"),
        Hint::OtherClientCertificate => l.pick("Choose another one.", "选择其他证书。"),
        Hint::BrokerLogWhy => l.pick("The broker's log may say why.", "服务器日志中可能有原因。"),
        Hint::HandshakeRefused => l.pick("It may want a client certificate, or a TLS version or cipher that is not supported here.", "服务器可能要求客户端证书，或本程序不支持的 TLS 版本或加密套件。"),
        Hint::ConfiguredName => l.pick("Connect by the name that the broker is configured for, or set a server name.", "使用服务器所配置的名称连接，或设置服务器名称。"),
        Hint::TrustCertificate => l.pick("If you trust the broker, choose that certificate as CA certificate.", "如果信任该服务器，可选择该证书作为 CA 证书。"),
        Hint::TrustAuthority => l.pick("If you trust the broker, choose its authority's certificate as CA certificate.", "如果信任该服务器，可选择其颁发机构的证书作为 CA 证书。"),
        Hint::CertificateName => l.pick("Connect by the name that the certificate was issued for.", "使用证书所适用的名称连接。"),
        Hint::BrokerCertificateExpired => l.pick("The broker needs a new one. Check this computer's clock too.", "服务器需要新的证书。同时检查本机的时钟。"),
        Hint::CheckClock => l.pick("Check this computer's clock.", "检查本机的时钟。"),
        Hint::BrokerCertificateVersion => l.pick("The broker needs one of version 3 with the host as subject alternative name.", "服务器需要版本 3 的证书，并以主机名作为使用者可选名称（SAN）。"),
        Hint::MqttMayWait => l.pick("Check the port: a broker that expects plain MQTT there may wait without an answer.", "检查端口：如果服务器在该端口直接使用 MQTT，可能会一直等待而不应答。"),
        Hint::UseWssOrPlain => l.pick("Choose the protocol wss, or the port without TLS.", "选择协议 wss，或不使用 TLS 的端口。"),
        Hint::UseWss => l.pick("Choose the protocol wss and its port (usually 443).", "选择协议 wss 及其端口（通常为 443）。"),
        Hint::FollowRedirect => l.pick("Use that address: redirections are not followed automatically.", "改用该地址：程序不会自动跟随重定向。"),
        Hint::UsualPaths => l.pick("There is no websocket under that path: brokers often use /mqtt, /ws or /.", "该路径下没有 WebSocket：服务器通常使用 /mqtt、/ws 或 /。"),
        Hint::CheckPath => l.pick("Check the path: brokers often use /mqtt, /ws or /.", "检查路径：服务器通常使用 /mqtt、/ws 或 /。"),
        Hint::OtherService => l.pick("Check the path: another service may be there.", "检查路径：该处可能是其他服务。"),
        Hint::HeaderOrPath => l.pick("It may want a header, such as Authorization, or a path of its own.", "它可能要求某个请求头（例如 Authorization）或特定的路径。"),
        Hint::PathAndSubprotocol => l.pick("Check the path and the sub-protocol.", "检查路径和子协议。"),
        Hint::PathAndSubprotocolOrWss => l.pick("Check the path and the sub-protocol; if the port is one of HTTPS, choose the protocol wss.", "检查路径和子协议；如果是 HTTPS 端口，应选择协议 wss。"),
        Hint::BrokerBehind => l.pick("The broker behind it may be down. Its log may say more.", "其后的 MQTT 服务器可能已停止。服务器日志中可能有更多信息。"),
        Hint::HostPortPath => l.pick("Check the host, the port and the path.", "检查主机、端口和路径。"),
        Hint::EscapePath => l.pick("Escape it: a space is %20, and so on.", "改用转义写法，例如空格写作 %20。"),
        Hint::CheckHeader => l.pick("Check the name and the value of the header.", "检查请求头的名称和值。"),
        Hint::WebsocketsBlocked => l.pick("Something between may not let websockets through.", "中间的某个环节可能不允许 WebSocket 通过。"),
        Hint::CacheBetween => l.pick("A cache may stand between, or the server is no websocket server.", "中间可能有缓存，或该服务器不是 WebSocket 服务器。"),
        Hint::ServerBroken => l.pick("The server or something between is broken.", "服务器或中间的某个环节有故障。"),
        Hint::ChooseSubprotocol => l.pick("Choose that sub-protocol if it is one of MQTT, or check the path.", "如果该子协议属于 MQTT，可选择它；否则检查路径。"),
        Hint::WebServer => l.pick("That is a web server's port. Brokers listen on 1883, or 8883 with TLS.", "这是 Web 服务器的端口。MQTT 服务器通常监听 1883 端口，使用 TLS 时监听 8883 端口。"),
        Hint::UseMqttsOrPlain => l.pick("Choose the protocol mqtts, or the port without TLS (usually 1883).", "选择协议 mqtts，或不使用 TLS 的端口（通常为 1883）。"),
        Hint::NotMqttInTls => l.pick("Check the port: something takes TLS connections there and does not speak MQTT.", "检查端口：该端口接受 TLS 连接，但不使用 MQTT。"),
        Hint::NotMqttOrTls => l.pick("Check the port: something takes connections there and does not speak MQTT, or it expects TLS.", "检查端口：该端口接受连接，但不使用 MQTT，或者要求 TLS。"),
        Hint::UsualPorts => l.pick("Check the port. Brokers listen on 1883, or 8883 with TLS.", "检查端口。MQTT 服务器通常监听 1883 端口，使用 TLS 时监听 8883 端口。"),
        Hint::TryAnotherVersion => l.pick("Try another MQTT version.", "尝试其他 MQTT 版本。"),
        Hint::ClosedWithoutReason => l.pick("It may have been stopped. Or another client uses the same client ID, a subscription or a message is not allowed, or a packet was too large: the broker's log says which.", "服务器可能已停止。也可能是另一个客户端使用了相同的客户端 ID、某个订阅或消息不被允许，或某个报文过大：具体原因见服务器日志。"),
        Hint::CheckToken => l.pick("Check the token and the authentication method.", "检查令牌和认证方法。"),
        Hint::CheckAuthentication => l.pick("Check the user name and the password, and which authentication the broker wants.", "检查用户名和密码，以及服务器要求的认证方式。"),
        Hint::NetworkSlow => l.pick("The network may be down, or slower than the answer timeout of the connection.", "网络可能已中断，或延迟超过连接的应答超时。"),
        Hint::RaisePacketSize => l.pick("Raise the maximum packet size of the connection, or subscribe to less.", "调大连接的最大报文长度，或减少订阅。"),
        Hint::BrokerPacketSize => l.pick("The limit is the broker's: raise its maximum packet size there.", "该限制由服务器设定：需在服务器上调大最大报文长度。"),
        Hint::Shorten => l.pick("Shorten it.", "缩短其长度。"),
        Hint::BrokerHangsOrLog => l.pick("The broker may hang; its log may say more.", "服务器可能已停止响应；其日志中可能有更多信息。"),
        Hint::AccessRules => l.pick("The broker's access rules decide who may subscribe to what.", "服务器的访问规则决定谁可以订阅哪些主题。"),
        Hint::ConvertOpenSsh => return convert("ssh-keygen -p -m PEM -f {}", step, l),
        Hint::ConvertKey => {
            return convert("openssl pkcs8 -topk8 -v2 aes-256-cbc -in {} -out new.pem", step, l);
        }
        Hint::ConvertPkcs12 => return convert("openssl pkcs12 -in {} -out new.pem", step, l),
        Hint::MayBeMqtt(protocol) => {
            let scheme = protocol.scheme();
            return say!(
                l,
                "The port may speak plain MQTT: choose the protocol {scheme}, or the broker's port for websockets.",
                "该端口可能直接使用 MQTT：可选择协议 {scheme}，或服务器的 WebSocket 端口。"
            );
        }
        Hint::TryVersion(version) => {
            let version = version.name();
            return say!(l, "Try the MQTT version {version}.", "尝试 MQTT {version}。");
        }
        Hint::ClosedBeforeConnack(None) => l.pick(
            "The broker may want TLS, other credentials, or it does not let this address in. Its log may say more.",
            "服务器可能要求 TLS 或其他凭据，也可能不允许此地址连接。服务器日志中可能有更多信息。",
        ),
        Hint::ClosedBeforeConnack(Some(version)) => {
            let version = version.name();
            return say!(
                l,
                "The broker may want another MQTT version (try {version}), TLS, other credentials, or it does not let this address in. Its log may say more.",
                "服务器可能要求其他 MQTT 版本（可尝试 {version}）、TLS 或其他凭据，也可能不允许此地址连接。服务器日志中可能有更多信息。"
            );
        }
        Hint::Reason(code) => reason::hint(code, l).unwrap_or_default(),
        Hint::NarrowerFilters(messages) => {
            let came = plural(messages, "message", "messages");
            let messages = count(messages);
            return say!(
                l,
                "{came} came in that time: the network may be too slow for these subscriptions. Try narrower filters.",
                "在此期间收到了 {messages} 条消息：网络可能承受不了这些订阅。可尝试范围更小的主题过滤器。"
            );
        }
    };
    text.to_owned()
}

/// A command that converts the file of the step.
fn convert(command: &str, step: &Step, l: Language) -> String {
    let path = match step {
        Step::ClientKey(path) | Step::ClientCertificate(path) | Step::CaCertificate(path) => {
            path.display().to_string()
        }
        _ => String::new(),
    };
    let command = command.replace("{}", &path);
    say!(l, "Convert it: {command}", "转换命令：{command}")
}
