"""All our nodes, as the yard's page has them."""

NODES = set(
    """
b078c b0b9c b0d3b b0dbc b1419 b149e b162a b17a6 b1dca b28c4 b35bc b3c1e b3f89 b4588 b4ef0 b549c b564f b565c
b594f b6d33 b6e37 b6ede b759d b7714 b777a b7855 b79c7 b7a09 b7c9e b7f95 b8c11 b913e b92a3 b9cb2 b9d13 b9d9d
ba2a3 ba356 ba63c ba9f5 baea4 bb23c bb246 bb523 bb6ea bb7f1 bbafb bbd11 bc07d bc151 bc40e bd439 bd4eb bd904
bdeda be010 be1bb be1e4 be46a be5e0 bf821 bf82e bf91b bfdb4 d0216 d0791 d07f3 d0b76 d0b89 d0ec1 d14ad d14da
d15a2 d1c84 d1cb2 d1d4f d229d d3921 d3ac0 d3c1d d4cac d5269 d52fa d5763 d5a36 d5a59 d5c9c d609d d6160 d62fd
d6427 d655f d6932 d724a d7324 d7835 d7854 d7858 d791d d7ea4 d8574 d8579 d86eb d8999 d8cda d92f6 d92fd d9a7b
da1d5 da2fe da69d dae62 daf0d db429 db460 db696 dbaca dc2e4 dc80e dcbea dcf51 dcf7f dd5c6 dd892 dd957 ddb23
ddb5e ddd82 de169 de42b debc6 deeb3 df399 df7e7 f0304 f0350 f06e2 f070c f0c5d f0d51 f0da2 f0dbc f1372 f13ce
f1775 f192e f196b f2233 f2295 f29e3 f2c4e f308d f31fc f34ee f389c f38bf f3cbc f3cfd f3f20 f43fb f4490 f4600
f4659 f47b6 f47ed f512c f517c f526f f5393 f5850 f5881 f5c99 f6156 f6729 f6d01 f7443 f783c f8119 f8479 f8ed4
f935d f98d6 f9be2 fa5aa fa8dd fad6b fb9df fb9f8 fc156 fc337 fc3ef fc53b fc928 fc9f5 fcc72 fce4b fd227 fdd4b
fe109 fe3a6 fe415 fe551 fe857 fea43 feeba ff1bd ff35c ff538 ff7a7 ffdaf h016a h03f8 h090a h0984 h0c26 h0f92
h15e8 h1962 h1981 h1be2 h1cb3 h1e9a h2060 h28df h2bed h2d75 h2e3d h2ebf h2efd h300f h3da7 h3e46 h41de h43d8
h4456 h4569 h4689 h49a7 h4c7f h4d4d h52a3 h553f h576f h5ec4 h6624 h6735 h6794 h69cb h6bfa h840f h845a h940b
h9466 h9c96 ha4b8 ha6d1 ha7e2 haba3 habe0 had3b hada7 hb1e5 hb46a hb97d hbd4e hbde4 hc954 hcedf hd4f6 he2c3
he53a heb9f hf01a hf350 hf4ef hf584 hfb36 hfd88 k0b72 k0d44 k12a6 k1306 k14b7 k14fa k162f k1639 k1a13 k1cbf
k21ab k2443 k2831 k29a8 k2d53 k2fa5 k3959 k3ab7 k3c9f k51ad k54c2 k5c28 k6311 k65ee k6714 k6797 k6aa1 k6c5b
k7048 k7059 k7a9b k87b2 k89d7 k8f1e k8ff6 k913b k97dd k999a k9b67 ka3ba ka48a ka51c ka794 ka8c0 kab1b kb807
kbe29 kc64f kc661 kd3fc kd509 kd8f9 kd99e kdb29 kdc6d kdd6a ke2eb keb13 keb41 kec6d kf510 kf5a9 m019b m0896
m0be1 m0da9 m0e3b m18f5 m1a15 m2083 m24cc m28d5 m28fa m2b0a m2d45 m2f54 m3864 m3a01 m3f27 m40df m4974 m499f
m4aa2 m58fc m5a6b m610d m674c m6941 m6f0f m7c49 m7d82 m7e6a m809a m875e m8938 m8c4e m9287 m92bf m9387 m9389
m9400 m9c0b m9ddf ma29e ma2bb ma53d ma78c ma812 maef6 maf72 mb522 mb651 mb815 mc0ee mc14d mc281 mc537 mc898
mcb57 mcca5 mcf74 md1bd md443 mde22 me294 mf4f1 mfc0a p005d p07a9 p0841 p0d7a p1874 p2671 p29d0 p2afe p3265
p384b p3b32 p3c93 p3c99 p3e5d p3ef7 p3fb4 p440d p4b39 p5329 p5a15 p5ab4 p5c49 p5c8a p6bd6 p6df6 p74f1 p74f8
p7993 p7cab pa0c1 pa31b pb1e1 pb3c3 pb71c pb91c pb9a3 pbb57 pbfbf pc1f2 pc697 pc97c pcbdf pcc2a pd22a pdc01
pdcc1 pe4ec pe59c pec58 pec7a pf517 pfd66 r0426 r07fd r0a11 r0da0 r0fe6 r1330 r144e r15e9 r199c r208d r25cd
r25dc r2820 r2c06 r3064 r30af r317d r3969 r3cb2 r3d7b r4078 r412f r449b r4555 r47a3 r55fd r5d80 r5e36 r65e2
r703a r7168 r72d1 r74b1 r77b3 r8c5d r8f8d r954e r96ef r96f9 r9926 r9aaf ra683 ra7af rabbc rb422 rb93a rc147
rc458 rc720 rccc2 rce01 rdc53 rdc79 rddd3 re0c2 re19a re373 re75f re8bb re8e7 re9d0 rf456 rf98e rfd91 t00a7
t0687 t0f99 t165c t20d7 t2d87 t2e62 t2ecf t2fdb t334e t392f t3a7a t3f39 t4508 t4a3e t4d11 t5041 t5127 t5191
t51b4 t5695 t5a8d t6780 t7035 t722f t76db t7850 t7913 t7be3 t8f7d t9737 t9f72 ta6a0 tacd6 tadaa tb577 tb987
tbdaa tbf62 tc6c6 tca43 tcd9a tcdf3 tcf3b td5ab td700 td800 te3da te49b te4d8 te92e te9f0 tf0f2 tf30f tf8fe
tf94c tfa3a tfa3d tfa8f tfbfa tfe2c w03a9 w0e05 w13bc w14f0 w17ac w18c5 w1f2f w20d2 w2363 w2657 w2f66 w30b1
w395b w3de3 w45cc w4c17 w4eae w4f0b w51af w5382 w5713 w5ce0 w5d03 w5fc2 w631b w6400 w691b w781b w787a w7974
w87a1 w8ecb w9135 w96fd w977b w9869 w9ae0 wb03d wb13a wb26e wb2cc wb409 wb517 wb8b1 wb9f5 wc64b wc868 wcb4c
wcb9b wcd1d wcd64 wd4df wd6cd wdd0c wdf9d wdfb9 wdfed we0fb we684 we6bb weff0 wf147 wf18d
""".split()
)
