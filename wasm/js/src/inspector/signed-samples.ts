/** The signed parts of the samples. They are made from the project's test keys, which are no secret. */

const report = 'https://files.example.com/download/annual%20report.pdf?size=large';
const tail = 'Key-Pair-Id=K2JCJMDEHXQW5F&Hash-Algorithm=SHA256';

/** The public key that belongs to them all, but to one. */
export const publicKey = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAo1neEUu0wS++8fbiZpa4
C3g6JWkIsCxTCD/7fm4ElJuRM6n/+cJqgJQZXqJonbbxkBp3t09ISC1Lzf1IQhJ8
Wlmm8RvbFDZwgmBgpZsugWTHDfv/O5bvUGeWV5RzI3QYpbUYK5L68RskN7hyiiv+
KyEw1hzGInqIag8qVTAsKjVQwBDlU6820DwgUAGb/T6bZFwNAXQ9DLoMgD+S9MzI
1hAvP+YCDYEDtVf8l1VDlo2LeLVWYS4T9wKOaN3NTTifwd2jpXFeGmOUHiDR78B+
6ZslRYvnGXgSrlgy0nZoT/MEqnze9jIZhMcr1/m2b1AViCnJVBAgNLBWiTb1rJq8
eQIDAQAB
-----END PUBLIC KEY-----
`;

/** A custom policy, with a start, an end and a range of addresses. */
export const custom = `${report}&Policy=eyJTdGF0ZW1lbnQiOlt7IlJlc291cmNlIjoiaHR0cHM6Ly9maWxlcy5leGFtcGxlLmNvbS9kb3dubG9hZC8qIiwiQ29uZGl0aW9uIjp7IkRhdGVMZXNzVGhhbiI6eyJBV1M6RXBvY2hUaW1lIjoxNzgwMzE4ODAwfSwiRGF0ZUdyZWF0ZXJUaGFuIjp7IkFXUzpFcG9jaFRpbWUiOjE3ODAzMTM0MDB9LCJJcEFkZHJlc3MiOnsiQVdTOlNvdXJjZUlwIjoiMjAzLjAuMTEzLjAvMjQifX19XX0_&Signature=ZSTFdq-Ncwxg4mijRWYvO4vU9Lrim~yp4emvc9BegVIe0yQk30CLGZgVGFyn1sp96z0js03A3y1NwFaY1ixrQ4nBr71sZFP97sNjDCGi1Tg0EUtyBg0LTJNnxuK87E-fg-soCv9x1suOY~WXdstmv2D~6dzzp3c5BUyslWhm-J1~ejKtyEGZ1B0VEHg938B8~pXwWA2RpDBQOdI2dc9OQk1oncspFNxe1ZHa0ijByRDFHVq1GeqVhSnOx6t95LW2UW0sKdiI4rBoJxp5jd6GBzL7h4pDzSUOdAAiYnnyssYQmfWrSz6FvxsOf7qGgvJPJcfV6Vf5pRr0QMCgLRA92g__&${tail}`;

/** A canned policy. */
export const canned = `${report}&Expires=1780318800&Signature=gC8G8bWIgBCIZaJO5yT03ponWIOcLHOwAUYOxeJX51OtFARMA9EXCuWZYYt8me6TGz2BwPLmXNzwUuDKHq3otL1XDAyW~8~W2zMD3wp5NACXrQUUXfHCPkQkxE3g2ZYOdOZ~ksY1ikPifox6XccqcIJPB5OUFUP15A9lQtA7ltWeSKzPJIWIX32RbQkrx6hZC5RxjMI3FE2UFd8G8SKNG-erv1f9BkHodnbXns~P8ZKc-7Fo~ex9VUKRDmqnlswV2f~wvhWydaCM3c1LGIl-W8uF1ssiHOfZejgmuwgrrwwht1bP3IS0x0a5V8amNCrsFVysz3g1sr9MkAbUmMXMsw__&${tail}`;

/** The same, signed with another private key. */
export const stranger = `${report}&Expires=1780318800&Signature=O1jIqaXYXS09Zvq8paMD73LRiQgiycRvgjD8Xc8EAbx0yrBhYKlKC9E8qD723ghjeoiorwL8VCHjPhETva73mLmPC-StdC2Je7NAUmL8ZNiFj0LY1~Q4JMRqwNc8AUcLQG5FZYtsrBaTFwI-bHtGbTVMxVnwdp8snSQTV34l0W3gJi~nvZ1AAappG7JY4NvLLcK~lvoxsitqakYNu1w7Sbnwump1ETqJlwksipbK3KBKAIa1gbdrJiXnGRTO6qPBHR-yf67-eCvZsS3NEvo-vwUD7TpTYi0pwfbmbLU8oIw6QuedM8i5GfshSo3KW1gSfOXvZtxulR3OCPRbHm-Pmw__&${tail}`;

/** An end in milliseconds. */
export const milliseconds = `${report}&Expires=1780318800000&Signature=MAJjaBr5ThPVZX8kHnbA4SPoHkuGH8GkfEGUoiC7e1deoGLakRu0QFcbKCMQIuO2k3YHu8IELa9L68PdmLXommT0zHRSOC7c5kYrsEEFAoBMsmsTiU~qdPsLXicOstvwTWXEMF1fYyL~fhKSO7DqZl5Ojy082TeMkHGLNH0Ehy-CWO5W5jCdFVE9Dn2NouTrO6tAExQPabolg4weZwPEuJLPL5YB7JVnFYvQLx0dn92QoUVmihcJuILJmfzNRp5U-CsVH7PcRu7L9KgZt9sg-4w4rub0s5ahCq~AomIF8hut4YRenwV5iychtKBYtOUnOIkbBc~85Tzub784q8DTjg__&${tail}`;

/** Cookies for everything below /video/. */
export const cookies =
  'CloudFront-Policy=eyJTdGF0ZW1lbnQiOlt7IlJlc291cmNlIjoiaHR0cHM6Ly9maWxlcy5leGFtcGxlLmNvbS92aWRlby8qIiwiQ29uZGl0aW9uIjp7IkRhdGVMZXNzVGhhbiI6eyJBV1M6RXBvY2hUaW1lIjoxNzgwMzE4ODAwfX19XX0_; CloudFront-Signature=c~WPuVzwe4nTmLSNsVhYbZ1hBHn3g4z0FM4qki1-d9-9HqDp8OHSG0UIVwL0GrvxfsO05FmITbmsw~z-3WJlhp6yubrpIF6OWKatep35MLy3MKde8f-qnMsVZx7snurb7aXyKlOl2GGXcwzrIYTQ8QVlX6CnHwT0~okCLOCwEBHO9PtEfrHe4TxV5X9tuoJ8nFZGiMHbiQA377aO6Z8dp20CuOpuG3R1CkbpNLq4X09tYL8xGx5sN4ZBoZnzmhKYWwK4Z3Lv-OVWsyW9y1XhwLQCH6TT~rUORS1sTG52kLcrtnBbUmiRJrScrjRiU5SsqKZEEk9T5ZsOiCGYzp2ctg__; CloudFront-Key-Pair-Id=K2JCJMDEHXQW5F; CloudFront-Hash-Algorithm=SHA256';

/** An upload of at most 5 MB. */
export const upload = `https://files.example.com/upload/holiday.mp4?es-method=PUT&es-max-bytes=5000000&Expires=1780318800&Signature=ClXb3o81M8k8QEMIhxOR4Uw1c1zJ0~ayf2Pglrk85xQYf8b-4taIt7EHyOXLx5OmyEGSl5K~Xid9CMlG0jy5zfU-QYdqYdmiBBYsWt1b8Xe6b4QF11srUhcZfLlokqAXFtaDG~pmEHUVBxR8yKoCfG227KYzR5BBo4JZJ9ln3HniDij9L9A~pBC0cEIFeDuXNBe29S7bzO9XqyubXHyb5Ncmf2rALrHca3cZtra3Hxi7ijgOXnu~LCrkpW5bH9rAEI6rEXe1X7AfSlmaH9-zJDnskQKDRhvy0QXNwNNpgob7VSxbyEkUENE53fdAwnDam3rYl0F32Ae5b54IXEKong__&${tail}`;
